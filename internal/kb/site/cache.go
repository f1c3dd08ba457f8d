package site

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
)

// Cache remembers what pure functions returned, by a hash of everything they
// were given. It serves one Build after another; what the last successful
// Build did not ask for is forgotten. The zero Cache is empty.
type Cache struct {
	mu        sync.Mutex
	kept, old map[cacheKey]any
}

type cacheKey [sha256.Size]byte

// keyOf hashes the name of a function and its arguments.
func keyOf(function string, args ...[]byte) cacheKey {
	h := sha256.New()
	var length [8]byte
	for _, part := range append([][]byte{[]byte(function)}, args...) {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write(part)
	}
	return cacheKey(h.Sum(nil))
}

// cached returns compute's value for key. Errors are not remembered. The
// value is shared, so nobody may change it.
func cached[T any](c *Cache, key cacheKey, compute func() (T, error)) (T, error) {
	if v, ok := c.find(key); ok {
		return v.(T), nil
	}
	v, err := compute()
	if err != nil {
		return v, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(key, v)
	return v, nil
}

func (c *Cache) find(key cacheKey) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.kept[key]; ok {
		return v, true
	}
	v, ok := c.old[key]
	if ok {
		c.keep(key, v)
	}
	return v, ok
}

func (c *Cache) keep(key cacheKey, v any) {
	if c.kept == nil {
		c.kept = map[cacheKey]any{}
	}
	c.kept[key] = v
}

// endBuild forgets what was not asked for since the last call.
func (c *Cache) endBuild() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.old, c.kept = c.kept, nil
}
