package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Param is a parameter of a check. Articles set it in the check marker, except
// for one of KindHost.
type Param struct {
	Name     string
	About    Text
	Kind     Kind
	Default  string   // used when nothing is set
	Required bool     // the article must set it
	Options  []string // the values of KindOption
	Min, Max int      // the range of KindNumber, and of KindSeconds
}

// Kind says what a parameter's value may be.
type Kind string

// Kinds of parameter.
const (
	KindPath    Kind = "path"    // a local path; %NAME% is replaced by the reader's environment
	KindOption  Kind = "option"  // one of Options
	KindNumber  Kind = "number"  // decimal, Min to Max
	KindSeconds Kind = "seconds" // such as 5s, Min to Max
	KindText    Kind = "text"    // any text of up to 256 characters
	// KindHost is the host that the reader names with -host. An article
	// cannot set it: packets go only where the reader wants them to go.
	KindHost Kind = "host"
)

// Args are the values of a check's parameters, as the article wrote them.
type Args map[string]string

// Arg returns the value of the named parameter: the given one, or else the
// parameter's default.
func (c *Check) Arg(args Args, name string) string {
	if v, ok := args[name]; ok {
		return v
	}
	for _, p := range c.Params {
		if p.Name == name {
			return p.Default
		}
	}
	return ""
}

// WithDefaults returns args with the defaults of the check filled in.
func (c *Check) WithDefaults(args Args) Args {
	full := Args{}
	for _, p := range c.Params {
		full[p.Name] = c.Arg(args, p.Name)
	}
	return full
}

// Number returns the value of a KindNumber parameter. Args have passed
// CheckArgs, or are defaults.
func (a Args) Number(name string) int {
	n, _ := strconv.Atoi(a[name])
	return n
}

// Seconds returns the value of a KindSeconds parameter.
func (a Args) Seconds(name string) time.Duration {
	n, _ := strconv.Atoi(strings.TrimSuffix(a[name], "s"))
	return time.Duration(n) * time.Second
}

// HostParam returns the name of the check's parameter of KindHost, or "".
func (c *Check) HostParam() string {
	for _, p := range c.Params {
		if p.Kind == KindHost {
			return p.Name
		}
	}
	return ""
}

// ParamError is a parameter that a check refuses.
type ParamError struct {
	Name    string // the parameter
	Message string // lower case, without the parameter's name
	Hint    string // what to do
}

func (e *ParamError) Error() string {
	return fmt.Sprintf("parameter %q %s (%s)", e.Name, e.Message, e.Hint)
}

// CheckArgs reports what is wrong with args: unknown and missing parameters,
// values that are not of the parameter's kind. It returns nil if nothing is.
func (c *Check) CheckArgs(args Args) []*ParamError {
	var errs []*ParamError
	known := make([]string, len(c.Params))
	for i, p := range c.Params {
		known[i] = p.Name
		v, set := args[p.Name]
		if !set {
			if p.Required {
				errs = append(errs, &ParamError{p.Name, "is missing", fmt.Sprintf("write %s=\"…\" in the marker", p.Name)})
			}
			continue
		}
		if e := p.check(v); e != nil {
			errs = append(errs, e)
		}
	}
	for name := range args {
		if !slices.Contains(known, name) {
			errs = append(errs, c.unknownParam(name, known))
		}
	}
	slices.SortFunc(errs, func(a, b *ParamError) int { return strings.Compare(a.Name, b.Name) })
	return errs
}

func (c *Check) unknownParam(name string, known []string) *ParamError {
	hint := c.ID + " takes no parameters"
	if near := Nearest(name, known); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if len(known) > 0 {
		hint = c.ID + " takes " + strings.Join(known, ", ")
	}
	return &ParamError{name, "is unknown", hint}
}

func (p Param) check(v string) *ParamError {
	if v == "" {
		return &ParamError{p.Name, "is empty", "give a value or leave the parameter out"}
	}
	if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return &ParamError{p.Name, "holds a control character", "write it on one line, without tabs"}
	}
	switch p.Kind {
	case KindHost:
		return &ParamError{p.Name, "cannot be set by an article", "leave it out: the reader names the host, with -host"}
	case KindNumber:
		if n, err := strconv.Atoi(v); err != nil || n < p.Min || n > p.Max {
			return &ParamError{p.Name, fmt.Sprintf("cannot be %q", v), fmt.Sprintf("write a number from %d to %d", p.Min, p.Max)}
		}
	case KindSeconds:
		if n, err := strconv.Atoi(strings.TrimSuffix(v, "s")); err != nil || !strings.HasSuffix(v, "s") || n < p.Min || n > p.Max {
			return &ParamError{p.Name, fmt.Sprintf("cannot be %q", v), fmt.Sprintf("write seconds from %ds to %ds", p.Min, p.Max)}
		}
	case KindText:
		if utf8.RuneCountInString(v) > 256 {
			return &ParamError{p.Name, "is longer than 256 characters", "shorten it"}
		}
	case KindOption:
		if slices.Contains(p.Options, v) {
			return nil
		}
		return &ParamError{p.Name, fmt.Sprintf("cannot be %q", v), "use one of " + strings.Join(p.Options, ", ")}
	case KindPath:
		if !LocalPath(v) {
			return &ParamError{p.Name, "must be a local path", "a check never asks a network share; write a path such as C:\\Folder or %TEMP%"}
		}
	}
	return nil
}

// LocalPath reports whether a path, before its %NAME% parts are replaced, can
// be one on this machine: it starts with a drive letter or a variable, and is
// neither a share (\\server) nor a device (\\.\, \\?\).
func LocalPath(path string) bool {
	if strings.HasPrefix(path, "%") {
		return strings.Contains(path[1:], "%")
	}
	return len(path) >= 3 && isLetter(path[0]) && path[1] == ':' && (path[2] == '\\' || path[2] == '/')
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
