// Package index writes the files from which a page searches.
//
// # Files
//
//	search/manifest.json             what there is, and under which names
//	search/SET/FF/NN-HASH.json       shards; FF are the upper bits of the number NN
//	search/SET/names-NN-HASH.json    hashes of 512 shards, if the set has many
//
// A site whose index is small has only the manifest, with the shards inside.
// Otherwise a query fetches the manifest and a few shards, whose names hold a
// hash of their content: a page that is older than the index asks for a name
// that is gone, and reads the manifest again.
//
// # Sets
//
// A term is known by its hash ([Hash]); the low bits of the hash choose the
// shard of the set, the others name the term in it. There are six sets:
//
//	c  codes (search.Code.Key)
//	w  terms of titles and wordings
//	b  the commonest of them, which would make the shards of w large
//	a  beginnings and ends of words, for misspelt ones (see [Affixes])
//	t  terms of headings, tags and bodies, where they are not in w or b
//	r  records: what is shown of a document, and compared word by word
//
// A shard of terms is a JSON string: base64 of, for each term in ascending
// order, varints of the distance to the previous term's name, the number of
// postings, and for each posting the distance to the previous document, times
// four, plus a level of 0 to 3. Levels are: in c, how close the code is to the
// document; in w and b, how short the wording is (3: the shortest); in t, 1
// for headings and tags.
//
// A shard of records is a JSON array: for each document its slug, and for each
// language of the site an array of title and wordings, empty if there is no
// article in that language.
//
// The same documents give the same files.
package index

import "encoding/json"

// Version is the version of the format.
const Version = 1

// File is a file of the index.
type File struct {
	Path string // slash-separated: search/…
	Data []byte
}

// ManifestPath is where a page starts.
const ManifestPath = "search/manifest.json"

type manifest struct {
	Version int            `json:"v"`
	Docs    int            `json:"docs"`
	Langs   []string       `json:"langs"`
	Common  string         `json:"common"` // the terms of set b
	Sets    map[string]set `json:"sets"`
	// Inline holds the shards of a small site: set and number → content.
	Inline map[string]json.RawMessage `json:"inline,omitempty"`
}

type set struct {
	Bits  int    `json:"bits"`            // 2^bits shards
	Names string `json:"names,omitempty"` // base64 of 3 bytes for each shard
	Lists string `json:"lists,omitempty"` // or of the files that hold them, 512 each
}
