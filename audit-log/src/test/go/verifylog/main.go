// Verifies an exported log with golang.org/x/mod/sumdb/note and tlog, code that Countersign has no
// part in. What is ours here is the reading of files, as docs/LOG_FORMAT.md describes them.
//
//	verifylog DIR VERIFIER-KEY [PROOF...]
//
// A PROOF is a *.tlog-proof file, or a *.consistency file: a line "old-size new-size old-root", then
// a line for each hash. Prints one line and exits 0 when everything holds.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height    = 8
	fullWidth = 1 << height
)

// tiles reads a log's hashes from its files.
type tiles struct {
	dir   string
	cache map[string][]byte
}

func (t *tiles) Height() int { return height }

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		// Go's paths begin with the height, which tlog-tiles leaves out.
		path := "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
		data, ok := t.cache[path]
		if !ok {
			var err error
			if data, err = os.ReadFile(filepath.Join(t.dir, path)); err != nil {
				return nil, err
			}
			t.cache[path] = data
		}
		found = append(found, data)
	}
	return found, nil
}

// memory is the tree again, built from the entries alone.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		if index < 0 || index >= int64(len(m)) {
			return nil, fmt.Errorf("no stored hash %d", index)
		}
		found = append(found, m[index])
	}
	return found, nil
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: verifylog DIR VERIFIER-KEY [PROOF...]")
		os.Exit(2)
	}
	if err := verify(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "verifylog:", err)
		os.Exit(1)
	}
}

func verify(dir, key string, files []string) error {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(text, verifier)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tree, &tiles{dir: dir, cache: map[string][]byte{}})
	if tree.N > 0 {
		root, err := tlog.TreeHash(tree.N, reader)
		if err != nil {
			return err
		}
		if root != tree.Hash {
			return errors.New("the tiles make another root than the checkpoint has")
		}
	}
	stored, err := rebuild(dir, tree.N)
	if err != nil {
		return err
	}
	if err := checkEveryHash(tree, reader, stored); err != nil {
		return err
	}
	records, err := checkRecords(tree, reader, stored)
	if err != nil {
		return err
	}
	trees, err := checkTrees(tree, reader, stored)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := checkFile(file, verifier, tree, stored); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	fmt.Printf("verified: %d entries, root %s, %d record proofs, %d tree proofs, %d files\n",
		tree.N, base64.StdEncoding.EncodeToString(tree.Hash[:]), records, trees, len(files))
	return nil
}

// openCheckpoint reads a C2SP tlog-checkpoint; tlog.ParseTree knows the Go checksum database's only.
func openCheckpoint(text []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// rebuild reads every entry and makes all hashes of the tree from them.
func rebuild(dir string, size int64) (memory, error) {
	var stored memory
	for n := int64(0); n < size; {
		width := size - n
		if width > fullWidth {
			width = fullWidth
		}
		// L -1 is Go's name for data; tlog-tiles calls it entries.
		path := tlog.Tile{H: height, L: -1, N: n / fullWidth, W: int(width)}.Path()
		path = "tile/entries/" + strings.TrimPrefix(path, fmt.Sprintf("tile/%d/data/", height))
		bundle, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < width; i++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("%s ends within entry %d", path, n)
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			hashes, err := tlog.StoredHashes(n, bundle[2:end], stored)
			if err != nil {
				return nil, err
			}
			stored = append(stored, hashes...)
			bundle = bundle[end:]
			n++
		}
		if len(bundle) > 0 {
			return nil, fmt.Errorf("%s has more than %d entries", path, width)
		}
	}
	return stored, nil
}

func checkEveryHash(tree tlog.Tree, reader tlog.HashReader, stored memory) error {
	const batch = 1000
	for from := 0; from < len(stored); from += batch {
		to := from + batch
		if to > len(stored) {
			to = len(stored)
		}
		var indexes []int64
		for i := from; i < to; i++ {
			indexes = append(indexes, int64(i))
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i, hash := range hashes {
			if hash != stored[from+i] {
				level, n := tlog.SplitStoredHashIndex(int64(from + i))
				return fmt.Errorf("hash %d of level %d is not what the entries make", n, level)
			}
		}
	}
	return nil
}

// checkRecords proves every entry from the tiles.
func checkRecords(tree tlog.Tree, reader tlog.HashReader, stored memory) (int, error) {
	for n := int64(0); n < tree.N; n++ {
		proof, err := tlog.ProveRecord(tree.N, n, reader)
		if err != nil {
			return 0, err
		}
		hash := stored[tlog.StoredHashIndex(0, n)]
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n, hash); err != nil {
			return 0, fmt.Errorf("entry %d: %w", n, err)
		}
	}
	return int(tree.N), nil
}

// checkTrees proves from the tiles that older trees are prefixes of this one.
func checkTrees(tree tlog.Tree, reader tlog.HashReader, stored memory) (int, error) {
	count := 0
	for n := int64(1); n <= tree.N; n += 7 {
		old, err := tlog.TreeHash(n, stored)
		if err != nil {
			return 0, err
		}
		proof, err := tlog.ProveTree(tree.N, n, reader)
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, n, old); err != nil {
			return 0, fmt.Errorf("tree of %d: %w", n, err)
		}
		count++
	}
	return count, nil
}

func checkFile(file string, verifier note.Verifier, tree tlog.Tree, stored memory) error {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("no such file")
	} else if err != nil {
		return err
	}
	if strings.HasSuffix(file, ".consistency") {
		return checkConsistency(string(text), tree, stored)
	}
	return checkProof(string(text), verifier, tree)
}

// checkProof checks a C2SP tlog-proof with the entry as its extra data.
func checkProof(text string, verifier note.Verifier, tree tlog.Tree) error {
	head, checkpoint, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("not a proof")
	}
	signed, err := openCheckpoint([]byte(checkpoint), verifier)
	if err != nil {
		return err
	}
	if signed != tree {
		return errors.New("the proof is of another checkpoint")
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	path, err := hashes(lines[3:])
	if err != nil {
		return err
	}
	return tlog.CheckRecord(tlog.RecordProof(path), tree.N, tree.Hash, index, tlog.RecordHash(entry))
}

func checkConsistency(text string, tree tlog.Tree, stored memory) error {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	var from, to int64
	var claimed string
	if _, err := fmt.Sscanf(lines[0], "%d %d %s", &from, &to, &claimed); err != nil {
		return err
	}
	old, err := tlog.TreeHash(from, stored)
	if err != nil {
		return err
	}
	if old.String() != claimed || to != tree.N {
		return fmt.Errorf("the proof is about another tree: %s", lines[0])
	}
	path, err := hashes(lines[1:])
	if err != nil {
		return err
	}
	return tlog.CheckTree(tlog.TreeProof(path), tree.N, tree.Hash, from, old)
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var path []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		path = append(path, hash)
	}
	return path, nil
}
