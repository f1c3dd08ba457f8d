package recorded

import (
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

func sorted[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// oneOf reads one of the names of m.
func oneOf[T any](t token, m map[string]T) (T, error) {
	v, ok := m[t.text]
	if !ok {
		return v, t.fail("there is no such value", "one of "+strings.Join(sorted(m), ", "))
	}
	return v, nil
}

// number reads a decimal number, or a hexadecimal one with 0x.
func number(t token, bits int) (uint64, error) {
	digits, base := t.text, 10
	if rest, ok := strings.CutPrefix(t.text, "0x"); ok {
		digits, base = rest, 16
	}
	n, err := strconv.ParseUint(digits, base, bits)
	if err != nil {
		return 0, t.fail("this is not a number of "+strconv.Itoa(bits)+" bits", "decimal, or hexadecimal with 0x")
	}
	return n, nil
}

// readText reads text as it stands, or a Go string.
func readText(t token) (string, error) {
	if t.text != "" && (t.text[0] == '"' || t.text[0] == '`') {
		s, err := strconv.Unquote(t.text)
		if err != nil {
			return "", t.fail("this is not a Go string", "text that starts with a quote needs one at its end, and no control characters")
		}
		return s, nil
	}
	return t.text, nil
}

func valueTypes() map[string]host.ValueType {
	return map[string]host.ValueType{
		"none": host.RegNone, "sz": host.RegString, "expand": host.RegExpand, "binary": host.RegBinary,
		"dword": host.RegDWord, "multi": host.RegMultiStr, "qword": host.RegQWord,
	}
}

// readValue reads a registry value: its type, then its data.
func readValue(t token) (host.Value, error) {
	kind, data := t.cut()
	if kind.text == "raw" {
		return readRaw(data)
	}
	valueType, err := oneOf(kind, valueTypes())
	if err != nil {
		return host.Value{}, err
	}
	v := host.Value{Type: valueType}
	switch valueType {
	case host.RegDWord:
		v.Number, err = number(data, 32)
	case host.RegQWord:
		v.Number, err = number(data, 64)
	case host.RegString, host.RegExpand:
		v.Text, err = readText(data)
	case host.RegMultiStr:
		v.Strings, err = readStrings(data)
	default:
		v.Data, err = readHex(data)
	}
	return v, err
}

// readRaw reads a type's name or number and the bytes in the registry.
func readRaw(t token) (host.Value, error) {
	kind, data := t.cut()
	valueType, ok := valueTypes()[kind.text]
	if !ok {
		n, err := number(kind, 32)
		if err != nil {
			return host.Value{}, kind.fail("there is no such type", "a number, or one of "+strings.Join(sorted(valueTypes()), ", "))
		}
		valueType = host.ValueType(n)
	}
	b, err := readHex(data)
	return host.DecodeValue(valueType, b), err
}

func readHex(t token) ([]byte, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(t.text, " ", ""))
	if err != nil {
		return nil, t.fail("these are not bytes", "two hexadecimal digits each")
	}
	return b, nil
}

// readStrings reads Go strings with spaces between them.
func readStrings(t token) ([]string, error) {
	var all []string
	for t = t.trim(); t.text != ""; t = t.trim() {
		quoted, err := strconv.QuotedPrefix(t.text)
		if err != nil || quoted[0] == '\'' {
			return nil, t.fail("this is not a Go string", `write "a" "b"`)
		}
		s, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, t.fail("this is not a Go string", `write "a" "b"`)
		}
		all = append(all, s)
		t.text, t.col = t.text[len(quoted):], t.col+len(quoted)
	}
	return all, nil
}

func readState(t token) (host.ServiceState, error) {
	return oneOf(t, map[string]host.ServiceState{
		"stopped": host.Stopped, "start-pending": host.StartPending, "stop-pending": host.StopPending, "running": host.Running,
		"continue-pending": host.ContinuePending, "pause-pending": host.PausePending, "paused": host.Paused,
	})
}

func readStart(t token) (host.StartType, error) {
	return oneOf(t, map[string]host.StartType{
		"boot": host.BootStart, "system": host.SystemStart, "auto": host.AutoStart, "demand": host.DemandStart, "disabled": host.Disabled,
	})
}

func readDriveType(t token) (host.DriveType, error) {
	return oneOf(t, map[string]host.DriveType{
		"unknown": host.DriveUnknown, "removable": host.DriveRemovable, "fixed": host.DriveFixed,
		"remote": host.DriveRemote, "cdrom": host.DriveCDROM, "ramdisk": host.DriveRAMDisk,
	})
}

func readProduct(t token) (host.ProductType, error) {
	products := map[string]host.ProductType{}
	for _, p := range []host.ProductType{host.Workstation, host.DomainController, host.Server} {
		products[p.String()] = p
	}
	return oneOf(t, products)
}

func readElevation(t token) (host.Elevation, error) {
	return oneOf(t, map[string]host.Elevation{
		"default": host.ElevationDefault, "full": host.ElevationFull, "limited": host.ElevationLimited,
	})
}

func readYes(t token) (bool, error) { return oneOf(t, map[string]bool{"yes": true, "no": false}) }

func readMask(t token) (uint32, error) {
	n, err := number(t, 32)
	return uint32(n), err
}

// readBytes reads a size with a binary unit.
func readBytes(t token) (uint64, error) {
	units := map[string]uint{"B": 0, "KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40}
	n, unit := t.cut()
	size, err := number(n, 64)
	if err != nil {
		return 0, err
	}
	shift, err := oneOf(unit, units)
	if err != nil {
		return 0, err
	}
	if size<<shift>>shift != size {
		return 0, n.fail("this size is too large", "")
	}
	return size << shift, nil
}

func readSID(t token) (string, error) {
	parts := strings.Split(t.text, "-")
	ok := len(parts) >= 3 && len(parts) <= 18 && parts[0] == "S" && parts[1] == "1"
	for _, p := range parts[min(2, len(parts)):] {
		_, err := strconv.ParseUint(p, 10, 32)
		ok = ok && err == nil
	}
	if !ok {
		return "", t.fail("this is not a SID", "write it as S-1-5-18")
	}
	return t.text, nil
}

// readParts reads a dotted version into as many numbers as it has parts.
func readParts[T uint16 | uint32](t token, parts ...*T) error {
	texts := strings.Split(t.text, ".")
	ok := len(texts) == len(parts)
	for i := 0; ok && i < len(parts); i++ {
		n, err := strconv.ParseUint(texts[i], 10, 32)
		*parts[i] = T(n)
		ok = err == nil && uint64(*parts[i]) == n
	}
	if !ok {
		return t.fail("this is not a version", "write "+strconv.Itoa(len(parts))+" numbers with dots between them")
	}
	return nil
}

func readVersion(t token) (v host.Version, err error) {
	err = readParts(t, &v[0], &v[1], &v[2], &v[3])
	return v, err
}

// readFlags reads words that stand for bits, or the bits as 0x….
func readFlags(words []token, names map[string]uint32) (uint32, error) {
	var flags uint32
	for _, w := range words {
		if strings.HasPrefix(w.text, "0x") {
			n, err := number(w, 32)
			if err != nil {
				return 0, err
			}
			flags |= uint32(n)
			continue
		}
		bit, err := oneOf(w, names)
		if err != nil {
			return 0, err
		}
		flags |= bit
	}
	return flags, nil
}

func readAttributes(t token) (host.File, error) {
	flags, err := readFlags(t.words(), map[string]uint32{
		"directory": host.AttrDirectory, "read-only": host.AttrReadOnly, "system": host.AttrSystem, "reparse-point": host.AttrReparsePoint,
		"offline": host.AttrOffline, "recall-on-open": host.AttrRecallOnOpen, "recall-on-data-access": host.AttrRecallOnDataAccess,
	})
	return host.File{Attributes: flags}, err
}

func readGroup(t token) (host.Group, error) {
	sid, attributes := t.cut()
	if attributes.text == "" {
		return host.Group{}, t.fail("this group lacks its attributes", "write SID enabled, deny-only or disabled")
	}
	id, err := readSID(sid)
	if err != nil {
		return host.Group{}, err
	}
	flags, err := readFlags(attributes.words(), map[string]uint32{
		"enabled": host.GroupEnabled, "deny-only": host.GroupUseForDeny, "disabled": 0,
	})
	return host.Group{SID: id, Attributes: flags}, err
}

func readPrivilege(t token) (host.Privilege, error) {
	name, state := t.cut()
	enabled, err := oneOf(state, map[string]bool{"enabled": true, "disabled": false})
	return host.Privilege{Name: name.text, Enabled: enabled}, err
}

// readACE reads "allow MASK SID flags…", "deny …" or "type NUMBER".
func readACE(t token) (host.ACE, error) {
	kind, rest := t.cut()
	if kind.text == "type" {
		n, err := number(rest, 8)
		if err == nil && n <= host.ACEDeny {
			err = rest.fail("this kind has a mask and a SID", "write allow or deny")
		}
		return host.ACE{Type: uint8(n)}, err
	}
	aceType, err := oneOf(kind, map[string]uint8{"allow": host.ACEAllow, "deny": host.ACEDeny})
	if err != nil {
		return host.ACE{}, err
	}
	mask, rest := rest.cut()
	sid, rest := rest.cut()
	ace := host.ACE{Type: aceType}
	if ace.Mask, err = readMask(mask); err != nil {
		return ace, err
	}
	if ace.SID, err = readSID(sid); err != nil {
		return ace, err
	}
	flags, err := readFlags(rest.words(), map[string]uint32{"inherit-only": host.ACEInheritOnly})
	if err == nil && flags > 0xff {
		err = rest.fail("these flags have more than 8 bits", "")
	}
	ace.Flags = uint8(flags)
	return ace, err
}
