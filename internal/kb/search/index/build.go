package index

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strconv"
)

// posting is a document, times four, plus a level.
type posting uint32

func newPosting(doc int, l level) posting { return posting(uint32(doc)<<2 | uint32(l)) }

type postings map[uint32][]posting

func gather(entries []Entry, of func(*Entry) map[uint32]level) postings {
	ps := postings{}
	for doc := range entries {
		for hash, l := range of(&entries[doc]) {
			ps[hash] = append(ps[hash], newPosting(doc, l))
		}
	}
	return ps
}

// Sizes aimed at, in bytes before compression.
const (
	shardSize  = 1100 // of a shard of terms
	recordSize = 3000 // of a shard of records
	inlineSize = 96 << 10
	mostBits   = 13 // 8,192 shards in a set
	mostCommon = 1024
	listBits   = 9  // 512 names in a file of names
	listedBits = 10 // sets with more bits have their names in files
)

// Build makes the files for documents, which must be in the order of their
// slugs.
func Build(langs []string, entries []Entry) ([]File, error) {
	words := gather(entries, func(e *Entry) map[uint32]level { return e.words })
	common := takeCommon(words, len(entries))
	affixes := gather(entries, func(e *Entry) map[uint32]level { return e.affixes })
	dropCommon(affixes, max(64, len(entries)/16))
	texts := gather(entries, func(e *Entry) map[uint32]level { return e.texts })
	dropCommon(texts, max(200, len(entries)/8))
	w := writer{m: manifest{Version: Version, Docs: len(entries), Langs: langs, Common: encodeCommon(common), Sets: map[string]set{}}}
	w.terms("c", gather(entries, func(e *Entry) map[uint32]level { return e.codes }))
	w.terms("w", words)
	w.terms("b", common)
	w.terms("a", affixes)
	w.records(entries)
	w.inline()
	w.terms("t", texts)
	w.inline()
	return w.files()
}

// dropCommon removes what is too common to tell anything.
func dropCommon(ps postings, most int) {
	for hash, list := range ps {
		if len(list) > most {
			delete(ps, hash)
		}
	}
}

// takeCommon removes the commonest terms from words and returns them.
func takeCommon(words postings, docs int) postings {
	least := max(24, docs/100)
	var hashes []uint32
	for hash, list := range words {
		if len(list) >= least {
			hashes = append(hashes, hash)
		}
	}
	slices.SortFunc(hashes, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(len(words[b]), len(words[a])), cmp.Compare(a, b))
	})
	common := postings{}
	for _, hash := range hashes[:min(len(hashes), mostCommon)] {
		common[hash] = words[hash]
		delete(words, hash)
	}
	return common
}

// encodeCommon lists the common terms: base64 of varints, for each in
// ascending order the distance of the upper 24 bits of its hash from those of
// the one before, times 32, plus the number of bits of its postings' count.
func encodeCommon(common postings) string {
	hashes := sortedHashes(common)
	var out []byte
	last := uint32(0)
	for _, hash := range hashes {
		out = binary.AppendUvarint(out, uint64(hash>>8-last)<<5|uint64(bits.Len(uint(len(common[hash])))))
		last = hash >> 8
	}
	return base64.StdEncoding.EncodeToString(out)
}

func sortedHashes(ps postings) []uint32 {
	hashes := make([]uint32, 0, len(ps))
	for hash := range ps {
		hashes = append(hashes, hash)
	}
	slices.Sort(hashes)
	return hashes
}

// writer makes shards, and the manifest that names them.
type writer struct {
	m      manifest
	shards []shard
	size   int
}

type shard struct {
	set    string
	number int
	data   []byte
}

// terms adds a set of terms.
func (w *writer) terms(name string, ps postings) {
	size := 0
	for _, list := range ps {
		size += 4 + len(list)*5/4
	}
	n := bitsFor(size, shardSize)
	buckets := make([][]uint32, 1<<n)
	for _, hash := range sortedHashes(ps) {
		i := hash & (1<<n - 1)
		buckets[i] = append(buckets[i], hash)
	}
	contents := make([][]byte, len(buckets))
	for i, hashes := range buckets {
		if len(hashes) > 0 {
			contents[i] = encodeTerms(hashes, n, ps)
		}
	}
	w.add(name, n, contents)
}

// bitsFor returns how many bits number the shards of a set of this size.
func bitsFor(size, target int) int {
	return min(bits.Len(uint((size-1)/target)), mostBits)
}

func encodeTerms(hashes []uint32, n int, ps postings) []byte {
	var out []byte
	last := uint32(0)
	for _, hash := range hashes {
		name := hash >> n
		out = binary.AppendUvarint(out, uint64(name-last))
		last = name
		out = binary.AppendUvarint(out, uint64(len(ps[hash])))
		doc := posting(0)
		for _, p := range ps[hash] {
			out = binary.AppendUvarint(out, uint64((p>>2-doc)<<2|p&3))
			doc = p >> 2
		}
	}
	return quoted(out)
}

// quoted returns data as a JSON string of base64.
func quoted(data []byte) []byte {
	return append(base64.StdEncoding.AppendEncode([]byte{'"'}, data), '"')
}

// records adds the set of records: the documents in order, in shards of equal
// numbers.
func (w *writer) records(entries []Entry) {
	size := 0
	for i := range entries {
		size += len(entries[i].record)
	}
	n := bitsFor(size, recordSize)
	each := perShard(len(entries), n)
	var contents [][]byte
	for chunk := range slices.Chunk(entries, each) {
		records := make([][]byte, len(chunk))
		for i := range chunk {
			records[i] = chunk[i].record
		}
		contents = append(contents, slices.Concat([]byte("["), bytes.Join(records, []byte(",")), []byte("]")))
	}
	w.add("r", n, contents)
}

// perShard is how many documents a shard of records has.
func perShard(docs, n int) int { return max(1, (docs+1<<n-1)>>n) }

func (w *writer) add(name string, n int, contents [][]byte) {
	w.m.Sets[name] = set{Bits: n}
	for i, data := range contents {
		if data == nil {
			continue
		}
		w.shards = append(w.shards, shard{name, i, data})
		w.size += len(data)
	}
}

// inline puts the shards that were added into the manifest if that stays
// small.
func (w *writer) inline() {
	if w.size > inlineSize {
		return
	}
	if w.m.Inline == nil {
		w.m.Inline = map[string]json.RawMessage{}
	}
	for _, s := range w.shards {
		w.m.Inline[s.set+strconv.FormatInt(int64(s.number), 16)] = s.data
	}
	w.shards = nil
}

// files names the shards that are not in the manifest, and writes it.
func (w *writer) files() ([]File, error) {
	files := w.named()
	data, err := json.Marshal(w.m)
	if err != nil {
		return nil, fmt.Errorf("manifest of the search: %w", err)
	}
	return append(files, File{ManifestPath, data}), nil
}

// named gives each shard a file whose name holds a hash of its content, and
// notes the hashes.
func (w *writer) named() []File {
	names := map[string][]byte{}
	var files []File
	for _, s := range w.shards {
		if names[s.set] == nil {
			names[s.set] = make([]byte, 3<<w.m.Sets[s.set].Bits)
		}
		sum := shortHash(s.data)
		copy(names[s.set][3*s.number:], sum)
		files = append(files, File{shardPath(s.set, s.number, sum), s.data})
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		s := w.m.Sets[name]
		if s.Bits <= listedBits {
			s.Names = base64.StdEncoding.EncodeToString(names[name])
		} else {
			var lists []byte
			for list := range slices.Chunk(names[name], 3<<listBits) {
				data := quoted(list)
				sum := shortHash(data)
				files = append(files, File{fmt.Sprintf("search/%s/names-%x-%x.json", name, len(lists)/3, sum), data})
				lists = append(lists, sum...)
			}
			s.Lists = base64.StdEncoding.EncodeToString(lists)
		}
		w.m.Sets[name] = s
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return files
}

// shortHash tells versions of one shard apart.
func shortHash(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:3]
}

// shardPath spreads the shards over folders of at most 64 files.
func shardPath(set string, number int, sum []byte) string {
	return fmt.Sprintf("search/%s/%02x/%x-%x.json", set, number>>6, number, sum)
}
