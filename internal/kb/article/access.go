package article

import (
	"regexp"
	"slices"
	"strings"
)

// An access is what a command does to the settings of the machine: it reads
// or changes a registry value, the permissions of a path or the start of a
// service. Names are folded: two accesses to the same thing compare equal.
type access struct {
	kind  accessKind
	thing thing
	key   string // registry key, path or name of a service; "" is every one
	value string // registry value; "" is the whole key
	below bool   // also what lies below the key
	fixed bool   // writes what the command says, not what was noted
	name  string // the thing as the writer has it
	query string // the command that reads it

	at    int // offset in the file
	block *commandBlock
}

type accessKind int

const (
	reads accessKind = iota
	changes
	restores // writes back what a file holds
)

type thing int

const (
	registry thing = iota
	permissions
	service
)

// covers reports whether what a concerns includes what b concerns.
func (a *access) covers(b *access) bool {
	switch {
	case a.thing != b.thing:
		return false
	case a.key == "":
		return true
	case a.key == b.key:
		return a.value == "" || a.value == b.value
	}
	return a.below && strings.HasPrefix(b.key, a.key+`\`)
}

// accesses reads what a command does. Commands that it does not know do
// nothing.
func (s statement) accesses() []access {
	if len(s) == 0 || slices.Contains(speakers, strings.ToLower(s[0].text)) {
		return nil
	}
	for i := range s {
		name := strings.TrimSuffix(strings.ToLower(s[i].text), ".exe")
		if read := commands[name]; read != nil {
			list := read(arguments(s[i+1:]))
			for j := range list {
				list[j].at = s[i].at
			}
			return list
		}
	}
	return nil
}

// speakers are commands that only show what follows them.
var speakers = []string{"echo", "findstr", "find", "write-host", "write-output", "help", "get-help", "where"}

// commands are those that read or change settings. Names are in lower case.
var commands = map[string]func(arguments) []access{
	"reg": regCommand, "icacls": icaclsCommand, "sc": scCommand,

	"set-itemproperty": changeProperty, "sp": changeProperty, "new-itemproperty": changeProperty,
	"remove-itemproperty": removeProperty, "rp": removeProperty, "clear-itemproperty": removeProperty,
	"get-itemproperty": readProperty, "gp": readProperty, "get-itempropertyvalue": readProperty, "gpv": readProperty,
	"get-item": readItem, "gi": readItem, "get-childitem": readItem, "gci": readItem, "remove-item": removeItem, "ri": removeItem,

	"get-acl": getACL, "set-acl": setACL,
	"set-service": setService, "get-service": getService,
	"get-ciminstance": queryService, "get-wmiobject": queryService, "gwmi": queryService, "gcim": queryService,
}

// arguments are the words behind a command's name.
type arguments []word

func (a arguments) at(i int) string {
	if i < len(a) {
		return a[i].text
	}
	return ""
}

// flag returns the place of a flag such as /v, or -1.
func (a arguments) flag(name string) int {
	return slices.IndexFunc(a, func(w word) bool { return strings.EqualFold(w.text, name) })
}

// switches are parameters of the cmdlets above that take no value.
var switches = []string{"-force", "-verbose", "-passthru", "-whatif", "-recurse", "-debug"}

// cmdlet sorts arguments into the named ones, by name in lower case with the
// hyphen, and the others. Values that commas join are one.
func (a arguments) cmdlet() (named map[string]string, others []string) {
	named = map[string]string{}
	name := ""
	for i := 0; i < len(a); i++ {
		text := a[i].text
		if lower := strings.ToLower(text); strings.HasPrefix(text, "-") && len(text) > 1 && name == "" {
			if before, value, joined := strings.Cut(lower, ":"); joined {
				named[before] = value
			} else if !slices.Contains(switches, lower) {
				name = lower
			}
			continue
		}
		for strings.HasSuffix(text, ",") && i+1 < len(a) {
			i++
			text += a[i].text
		}
		if name != "" {
			named[name], name = text, ""
		} else {
			others = append(others, text)
		}
	}
	return named, others
}

// pick returns the first of the named arguments that is there, or the
// leftmost of the others, which it takes away.
func pick(named map[string]string, others *[]string, names ...string) string {
	for _, name := range names {
		if value, there := named[name]; there {
			return value
		}
	}
	if len(*others) == 0 {
		return ""
	}
	first := (*others)[0]
	*others = (*others)[1:]
	return first
}

var hives = map[string]string{
	"hkey_local_machine": "hklm", "hkey_current_user": "hkcu", "hkey_classes_root": "hkcr", "hkey_users": "hku", "hkey_current_config": "hkcc",
}

var (
	environment = regexp.MustCompile(`\$\{?env:(\w+)\}?`)
	unknownPart = regexp.MustCompile(`\$[({\w]`)
)

// foldPath makes one spelling of a path or a key, or returns "" if it holds
// a variable that nobody has set.
func foldPath(path string) string {
	s := strings.ToLower(strings.TrimSpace(path))
	s = strings.TrimPrefix(strings.TrimPrefix(s, `microsoft.powershell.core\`), "registry::")
	if strings.Contains(s, "$") {
		s = environment.ReplaceAllString(s, "%$1%")
		if unknownPart.MatchString(s) {
			return ""
		}
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '\\' || r == '/' })
	if len(parts) > 1 && strings.HasPrefix(s, `\\`) && strings.HasPrefix(parts[1], "hk") {
		parts = parts[1:] // the registry of another machine
	}
	if len(parts) == 0 {
		return ""
	}
	if hive := strings.TrimSuffix(parts[0], ":"); strings.HasPrefix(hive, "hk") {
		parts[0] = hive
		if short := hives[hive]; short != "" {
			parts[0] = short
		}
	}
	return strings.Join(parts, `\`)
}

func isKey(folded string) bool {
	for _, hive := range []string{"hklm", "hkcu", "hkcr", "hku", "hkcc"} {
		if folded == hive || strings.HasPrefix(folded, hive+`\`) {
			return true
		}
	}
	return false
}

// registryAccess is an access to a value, or to a key if value is empty.
func registryAccess(kind accessKind, key, value string) []access {
	folded := foldPath(key)
	if !isKey(folded) {
		return nil
	}
	a := access{kind: kind, thing: registry, key: folded, value: strings.ToLower(value), name: key, query: `reg query "` + key + `"`}
	if value != "" {
		a.name = value
		a.query += " /v " + value
	}
	return []access{a}
}

func regCommand(args arguments) []access {
	key, value := args.at(1), ""
	if i := args.flag("/v"); i >= 0 {
		value = args.at(i + 1)
	} else if args.flag("/ve") >= 0 {
		value = "(default)"
	}
	switch strings.ToLower(args.at(0)) {
	case "add":
		list := registryAccess(changes, key, value)
		for i := range list {
			list[i].fixed = true
		}
		return list
	case "delete":
		return registryAccess(changes, key, value)
	case "query":
		list := registryAccess(reads, key, value)
		for i := range list {
			list[i].below = args.flag("/s") >= 0
		}
		return list
	case "export", "save":
		list := registryAccess(reads, key, "")
		for i := range list {
			list[i].below = true
		}
		return list
	case "import", "restore":
		return []access{{kind: restores, thing: registry}}
	}
	return nil
}

func property(kind accessKind, args arguments) []access {
	named, others := args.cmdlet()
	key := pick(named, &others, "-path", "-literalpath")
	names := pick(named, &others, "-name")
	var list []access
	for name := range strings.SplitSeq(names, ",") {
		list = append(list, registryAccess(kind, key, strings.TrimSpace(name))...)
	}
	return list
}

func readProperty(args arguments) []access   { return property(reads, args) }
func removeProperty(args arguments) []access { return property(changes, args) }

func changeProperty(args arguments) []access {
	list := property(changes, args)
	named, others := args.cmdlet()
	pick(named, &others, "-path", "-literalpath")
	pick(named, &others, "-name")
	value := pick(named, &others, "-value")
	for i := range list {
		list[i].fixed = !strings.HasPrefix(value, "$")
	}
	return list
}

func readItem(args arguments) []access {
	named, others := args.cmdlet()
	list := registryAccess(reads, pick(named, &others, "-path", "-literalpath"), "")
	for i := range list {
		list[i].below = true
	}
	return list
}

func removeItem(args arguments) []access {
	named, others := args.cmdlet()
	return registryAccess(changes, pick(named, &others, "-path", "-literalpath"), "")
}

// aclFlags are what icacls changes permissions with.
var aclFlags = []string{"/grant", "/deny", "/remove", "/reset", "/setowner", "/inheritance"}

func icaclsCommand(args arguments) []access {
	kind := reads
	for i := range args {
		flag, _, _ := strings.Cut(strings.ToLower(args[i].text), ":")
		switch {
		case flag == "/restore":
			return []access{{kind: restores, thing: permissions}}
		case slices.Contains(aclFlags, flag):
			kind = changes
		}
	}
	list := aclAccess(kind, args.at(0))
	for i := range list {
		list[i].below = args.flag("/t") >= 0
	}
	return list
}

func aclAccess(kind accessKind, path string) []access {
	folded := foldPath(path)
	if folded == "" || strings.HasPrefix(folded, "/") {
		return nil
	}
	return []access{{kind: kind, thing: permissions, key: folded, name: path, query: `icacls "` + path + `"`}}
}

func getACL(args arguments) []access {
	named, others := args.cmdlet()
	return aclAccess(reads, pick(named, &others, "-path", "-literalpath"))
}

func setACL(args arguments) []access {
	named, others := args.cmdlet()
	return aclAccess(changes, pick(named, &others, "-path", "-literalpath"))
}

func serviceAccess(kind accessKind, names string) []access {
	var list []access
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		if name != "" && !strings.HasPrefix(name, "$") {
			list = append(list, access{kind: kind, thing: service, key: strings.ToLower(name), name: name, query: "sc qc " + name})
		}
	}
	return list
}

func scCommand(args arguments) []access {
	if strings.HasPrefix(args.at(0), `\\`) {
		args = args[1:]
	}
	switch strings.ToLower(args.at(0)) {
	case "config":
		list := serviceAccess(changes, args.at(1))
		for i := range list {
			list[i].fixed = true
		}
		return list
	case "qc":
		return serviceAccess(reads, args.at(1))
	}
	return nil
}

// setService changes how a service starts; -Status only starts or stops it.
func setService(args arguments) []access {
	named, others := args.cmdlet()
	start, there := named["-startuptype"]
	if !there {
		return nil
	}
	list := serviceAccess(changes, pick(named, &others, "-name"))
	for i := range list {
		list[i].fixed = !strings.HasPrefix(start, "$")
	}
	return list
}

func getService(args arguments) []access {
	named, others := args.cmdlet()
	return serviceAccess(reads, pick(named, &others, "-name"))
}

var serviceFilter = regexp.MustCompile(`(?i)name\s*=\s*['"]([^'"]+)['"]`)

// queryService reads Win32_Service: the services that its filter names, or
// all of them.
func queryService(args arguments) []access {
	named, others := args.cmdlet()
	if !strings.EqualFold(pick(named, &others, "-classname", "-class"), "win32_service") {
		return nil
	}
	found := serviceFilter.FindAllStringSubmatch(named["-filter"], -1)
	if len(found) == 0 {
		return []access{{kind: reads, thing: service}}
	}
	var list []access
	for _, m := range found {
		list = append(list, serviceAccess(reads, m[1])...)
	}
	return list
}
