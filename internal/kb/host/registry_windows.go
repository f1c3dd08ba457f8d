package host

import (
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// maxValueSize bounds a registry value in bytes. What checks look at is far
// smaller; a larger one answers ERROR_MORE_DATA.
const maxValueSize = 64 << 10

func (*local) Value(key, name string) (Value, error) {
	k, err := openKey(key)
	if err != nil {
		return Value{}, err
	}
	defer k.Close()
	const call = "RegQueryValueExW"
	if _, err := wide(call, name); err != nil {
		return Value{}, err
	}
	for size := 256; ; {
		buf := make([]byte, size)
		n, valueType, err := k.GetValue(name, buf)
		switch {
		case err == nil:
			return DecodeValue(ValueType(valueType), buf[:min(n, size)]), nil
		case err != registry.ErrShortBuffer || size == maxValueSize || n > maxValueSize:
			return Value{}, failed(call, err)
		}
		// The value may have grown since n was told.
		size = min(max(n, 2*size), maxValueSize)
	}
}

func openKey(key string) (registry.Key, error) {
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
	k, err := registry.OpenKey(root, path, windows.KEY_QUERY_VALUE|windows.KEY_WOW64_64KEY)
	if err != nil {
		return 0, failed(call, err)
	}
	return k, nil
}
