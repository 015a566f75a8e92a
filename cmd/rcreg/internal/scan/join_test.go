package scan_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rcreg/registration/cmd/rcreg/internal/scan"
)

func TestJoin(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 250, 300, 5000} {
		text := sample(size)
		parts := split(t, text)
		all := strings.Join(parts, "\n")
		slices.Reverse(parts)
		for name, typed := range map[string]string{
			"from the last to the first": strings.Join(parts, "\r\n"),
			"without anything between":   strings.Join(parts, ""),
			"with text between":          "part 2 of 5\n" + strings.Join(parts, "\n\n▄▀ rcreg offline request ]Q1 more\n") + "and behind",
			"twice":                      all + all,
			"in small letters":           strings.ToLower(all),
			"in lines of ten":            inLines(all),
			"beside damaged ones":        strings.Replace(all, "C", "D", 9) + "\n" + parts[0][:20] + "\n" + all,
			"as Windows writes it":       inUTF16(all),
		} {
			if got, err := scan.Join(typed); err != nil || len(got) != 1 || !bytes.Equal(got[0], text) {
				t.Errorf("%d bytes, %s: %d texts, %v", size, name, len(got), err)
			}
		}
	}
}

func inLines(text string) string {
	var lines []string
	for line := range slices.Chunk([]byte(text), 10) {
		lines = append(lines, string(line))
	}
	return strings.Join(lines, "\r\n")
}

func inUTF16(text string) string {
	units := utf16.Encode([]rune(text))
	typed := append(make([]byte, 0, 2+2*len(units)), 0xff, 0xfe)
	for _, unit := range units {
		typed = append(typed, byte(unit), byte(unit>>8))
	}
	return string(typed)
}

// A scanner types for a keyboard of the United States. On each line are keys, and what they type with another layout.
func TestJoinOnOtherKeyboards(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][2]string{
		"German":  {"yzYZ-/:;", "zyZY-ß_Ö"},
		"French":  {"aqzwmAQZWM,.1234567890:/", "qawz,QAWZ?;:&é\"'(-è_çàM!"},
		"Czech":   {"yzYZ1234567890", "zyZY+ěščřžýáíé"},
		"Turkish": {"iI.,;:", "ıIçöşŞ"},
	} {
		pairs := make([]string, 0, 2*len(keys[0]))
		typed := []rune(keys[1])
		for i, key := range []rune(keys[0]) {
			pairs = append(pairs, string(key), string(typed[min(i, len(typed)-1)]))
		}
		layout := strings.NewReplacer(pairs...)
		text := sample(1000)
		all := strings.Join(split(t, text), "\n")
		for _, typed := range []string{layout.Replace(all), layout.Replace(strings.ToLower(all))} {
			if got, err := scan.Join(typed); err != nil || !bytes.Equal(got[0], text) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestJoinSeveral(t *testing.T) {
	t.Parallel()
	first, second := split(t, sample(1000)), split(t, []byte("another"))
	got, err := scan.Join(strings.Join([]string{first[3], second[0], first[1], first[0], first[2]}, "\n"))
	if err != nil || len(got) != 2 || !bytes.Equal(got[0], sample(1000)) || string(got[1]) != "another" {
		t.Errorf("%d texts, %v", len(got), err)
	}
}

func TestJoinRefuses(t *testing.T) {
	t.Parallel()
	part := split(t, sample(20))[0]
	for name, typed := range map[string]string{"nothing": "", "something else": "a license", "half a prefix": part[1:]} {
		if _, err := scan.Join(typed); !errors.Is(err, scan.ErrNoParts) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range part[6:] {
		changed := []byte(part)
		changed[6+i] = 'B' + (changed[6+i]-'B'+1)%22 // never the same letter
		for name, typed := range map[string]string{"changed": string(changed), "cut off": part[:6+i], "a letter lost": part[:6+i] + part[7+i:]} {
			if _, err := scan.Join(typed); !errors.Is(err, scan.ErrDamaged) {
				t.Errorf("%s at letter %d: %v", name, 6+i, err)
			}
		}
	}
}

func TestJoinNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	parts := split(t, sample(1500))
	damaged := parts[2][:len(parts[2])-1] + "R"
	_, err := scan.Join(strings.Join([]string{parts[1], damaged, parts[5], parts[4]}, "\n"))
	missing := (*scan.MissingError)(nil)
	if !errors.As(err, &missing) || !slices.Equal(missing.Missing, []int{1, 3, 4}) || missing.Count != 6 {
		t.Fatalf("%v", err)
	}
	if want := "of 6 scanned parts these are missing or damaged: 1, 3, 4"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

// Parts that nobody has shown, with the right digest each.
func TestJoinRefusesForgeries(t *testing.T) {
	t.Parallel()
	hello := split(t, []byte("hello"))[0]
	for name, body := range map[string]string{
		"part 0":            "BBBBBBBBBBBCBBCBB",
		"beyond the count":  "BBBBBBBBBDBCBBCBB",
		"nothing in it":     "BBBBBBBBBCBCBBB",
		"not compressed":    "BBBBBBBBBCBCBBCBB",
		"of another text":   "BBBBBBBB" + hello[14:len(hello)-8],
		"longer than it is": "BBBBBBBBBCBCVVVBB",
	} {
		if _, err := scan.Join("RCREGC" + body + scan.Digest([]byte(body))); !errors.Is(err, scan.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := "BBBBBBBBBCBDBBCBB"
	one := "BBBBBBBBBCBCBBCBB"
	if _, err := scan.Join("RCREGC" + one + scan.Digest([]byte(one)) + "RCREGC" + other + scan.Digest([]byte(other))); !errors.Is(err, scan.ErrDamaged) {
		t.Errorf("two counts of one text: %v", err)
	}
}

func TestJoinOfHugeInput(t *testing.T) {
	t.Parallel()
	part := split(t, sample(290*250))[0]
	for name, typed := range map[string]string{
		"prefixes": strings.Repeat("RCREGC", 1<<19),
		"letters":  strings.Repeat("B", 1<<22),
		"one part": strings.Repeat(part, 4<<20/len(part)),
		"bombs":    bombs(t),
	} {
		if _, err := scan.Join(typed); err == nil {
			t.Errorf("%s were joined", name)
		}
	}
}

// bombs are texts each of which may be unpacked, and which would fill the memory together.
func bombs(t *testing.T) string {
	t.Helper()
	var typed strings.Builder
	for i := range byte(2) {
		typed.WriteString(strings.Join(split(t, bytes.Repeat([]byte{i}, 1<<20)), ""))
	}
	return typed.String()
}
