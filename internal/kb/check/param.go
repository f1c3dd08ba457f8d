package check

import (
	"fmt"
	"slices"
	"strings"
)

// Param is a parameter that an article may set in a check marker.
type Param struct {
	Name     string
	About    Text
	Kind     Kind
	Default  string   // used when the article sets nothing
	Required bool     // the article must set it
	Options  []string // the values of KindOption
}

// Kind says what a parameter's value may be.
type Kind string

// Kinds of parameter.
const (
	KindPath   Kind = "path"   // a local path; %NAME% is replaced by the reader's environment
	KindOption Kind = "option" // one of Options
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
