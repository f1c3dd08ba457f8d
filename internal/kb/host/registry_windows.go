package host

import (
	"io"
	"slices"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

const (
	// maxValueSize bounds a registry value in bytes. What checks look at is far
	// smaller; a larger one answers ERROR_MORE_DATA.
	maxValueSize = 64 << 10

	// maxValuesSize bounds what all values of a key hold, in bytes.
	maxValuesSize = 4 << 20

	queryValue = "RegQueryValueExW"
)

func (*local) Value(key, name string) (Value, error) {
	k, err := openKey(key, windows.KEY_QUERY_VALUE)
	if err != nil {
		return Value{}, err
	}
	defer k.Close()
	if _, err := wide(queryValue, name); err != nil {
		return Value{}, err
	}
	v, _, err := readValue(k, name)
	return v, err
}

// readValue also tells how many bytes the value has.
func readValue(k registry.Key, name string) (Value, int, error) {
	for size := 256; ; {
		buf := make([]byte, size)
		n, valueType, err := k.GetValue(name, buf)
		switch {
		case err == nil:
			return DecodeValue(ValueType(valueType), buf[:min(n, size)]), n, nil
		case err != registry.ErrShortBuffer || size == maxValueSize || n > maxValueSize:
			return Value{}, 0, failed(queryValue, err)
		}
		// The value may have grown since n was told.
		size = min(max(n, 2*size), maxValueSize)
	}
}

func (*local) Values(key string) ([]NamedValue, error) {
	k, err := openKey(key, windows.KEY_QUERY_VALUE)
	if err != nil {
		return nil, err
	}
	defer k.Close()
	names, err := k.ReadValueNames(MaxNames)
	if err != nil && err != io.EOF {
		return nil, failed("RegEnumValueW", err)
	}
	slices.Sort(names)
	all, size := []NamedValue{}, 0
	for _, name := range names {
		v, n, err := readValue(k, name)
		if err == ErrAbsent {
			continue // deleted meanwhile
		}
		if err != nil {
			return nil, err
		}
		if size += n; size > maxValuesSize {
			return nil, &CallError{Call: queryValue, Code: errorMoreData}
		}
		all = append(all, NamedValue{name, v})
	}
	return all, nil
}

func (*local) Subkeys(key string) ([]string, error) {
	k, err := openKey(key, windows.KEY_ENUMERATE_SUB_KEYS)
	if err != nil {
		return nil, err
	}
	defer k.Close()
	names, err := k.ReadSubKeyNames(MaxNames)
	if err != nil && err != io.EOF {
		return nil, failed("RegEnumKeyExW", err)
	}
	slices.Sort(names)
	return names, nil
}

func (l *local) KeySecurity(key string) (Security, error) {
	k, err := openKey(key, windows.READ_CONTROL)
	if err != nil {
		return Security{}, err
	}
	defer k.Close()
	return l.security(l.regGetKeySecurity.Name, registryMapping(), func(buf unsafe.Pointer, size uint32) (uint32, error) {
		err := code(l.regGetKeySecurity, uintptr(k), securityParts, uintptr(buf), uintptr(unsafe.Pointer(&size)))
		return size, err
	})
}

// openKey opens a key in the 64-bit view.
func openKey(key string, access uint32) (registry.Key, error) {
	const call = "RegOpenKeyExW"
	name, path, ok := splitKey(key)
	if !ok {
		return 0, &CallError{Call: call, Code: errorBadPathname}
	}
	if _, err := wide(call, path); err != nil {
		return 0, err
	}
	root := map[string]registry.Key{
		"HKLM": registry.LOCAL_MACHINE,
		"HKCU": registry.CURRENT_USER,
		"HKU":  registry.USERS,
	}[name]
	k, err := registry.OpenKey(root, path, access|windows.KEY_WOW64_64KEY)
	if err != nil {
		return 0, failed(call, err)
	}
	return k, nil
}
