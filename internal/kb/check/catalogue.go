package check

import "slices"

// Catalogue is the list of all checks.
type Catalogue []Check

// All returns the catalogue: every family, in the order in which the site
// lists them.
func All() Catalogue {
	return slices.Concat(
		credssp(),
		rdpClient(),
		delegation(),
		credman(),
		vbs(),
		rdpServer(),
		rdpNet(),
		network(),
		account(),
		clock(),
		access(),
		defender(),
		appControl(),
		system(),
		update(),
		office(),
		onedrive(),
		policy(),
	)
}

// Find returns the check with this ID.
func (c Catalogue) Find(id string) (*Check, bool) {
	for i := range c {
		if c[i].ID == id {
			return &c[i], true
		}
	}
	return nil, false
}

// Nearest returns the ID that a writer most likely meant by a misspelt one,
// or "" if none is near.
func (c Catalogue) Nearest(id string) string {
	ids := make([]string, len(c))
	for i := range c {
		ids[i] = c[i].ID
	}
	return Nearest(id, ids)
}

// Nearest returns the candidate with the smallest edit distance to word if
// that is at most a third of the word's length, else "". Ties go to the
// earlier candidate.
func Nearest(word string, candidates []string) string {
	best, bestDistance := "", max(1, len(word)/3)+1
	for _, c := range candidates {
		if d := distance(word, c); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance is the Levenshtein distance in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
