package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/rcreg/registration/fleet"
)

// classes lists all classes, those first that ask for action.
func classes() []fleet.Class {
	return []fleet.Class{fleet.Failed, fleet.Unknown, fleet.Pending, fleet.Cancelled, fleet.Done, fleet.Unchanged}
}

// rank is the place of a class among all; one of a later release goes first, since its meaning is unknown here.
func rank(class fleet.Class) int { return slices.Index(classes(), class) }

// counts is how many outcomes there are of each class.
type counts map[fleet.Class]int

func count(outcomes []fleet.Outcome) counts {
	c := counts{}
	for _, o := range outcomes {
		c[o.Class]++
	}
	return c
}

func (c counts) well() int { return c[fleet.Done] + c[fleet.Unchanged] }

func (c counts) total() (n int) {
	for _, of := range c {
		n += of
	}
	return n
}

// verdict says in a sentence how the fleet is.
func (c counts) verdict() string {
	total := c.total()
	switch {
	case total == 0:
		return "The list holds no workspace."
	case c.well() == total && total == 1:
		return "The workspace is well."
	case c.well() == total:
		return "All workspaces are well."
	}
	var parts []string
	for _, say := range []struct {
		class     fleet.Class
		one, many string
	}{
		{fleet.Failed, "failed", "failed"},
		{fleet.Unknown, "has to be looked at again", "have to be looked at again"},
		{fleet.Pending, "waits for confirmation", "wait for confirmation"},
		{fleet.Cancelled, "was not finished", "were not finished"},
	} {
		switch n := c[say.class]; n {
		case 0:
		case 1:
			parts = append(parts, "1 "+say.one)
		default:
			parts = append(parts, thousands(n)+" "+say.many)
		}
	}
	return strings.Join(parts, ", ") + "."
}

// figure is a headline number.
type figure struct {
	Class fleet.Class
	Label string
	Means string
	Count int
	Share string
}

func (f figure) Number() string { return thousands(f.Count) }

// figures are those of all classes, first what went well.
func (c counts) figures() []figure {
	figures := []figure{
		{Class: fleet.Done, Means: "changed, and seen to be so"},
		{Class: fleet.Unchanged, Means: "well, with nothing to change"},
		{Class: fleet.Pending, Means: "a person or a courier has to act"},
		{Class: fleet.Unknown, Means: "it may have happened: run it again"},
		{Class: fleet.Failed, Means: "it did not happen"},
		{Class: fleet.Cancelled, Means: "not begun, or interrupted"},
	}
	for i := range figures {
		f := &figures[i]
		f.Label, f.Count = labelOf(f.Class), c[f.Class]
		f.Share = share(f.Count, c.total())
	}
	return figures
}

// labelOf is a class as a word for people.
func labelOf(class fleet.Class) string {
	if class == "" {
		return "Not said"
	}
	return strings.ToUpper(string(class[:1])) + string(class[1:])
}

// share is a part of a whole in percent. Only all is 100 %, and only nothing is 0 %.
func share(part, whole int) string {
	if whole == 0 || part == 0 {
		return "0 %"
	}
	if part == whole {
		return "100 %"
	}
	percent := min(max(100*float64(part)/float64(whole), 0.1), 99.9)
	return strconv.FormatFloat(percent, 'f', 1, 64) + " %"
}

// thousands writes a number with a comma before each three digits.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// workspaces is a number of them.
func workspaces(n int) string {
	if n == 1 {
		return "1 workspace"
	}
	return thousands(n) + " workspaces"
}

// byClass sorts outcomes so that those come first that ask for action.
func byClass(a, b fleet.Outcome) int {
	return cmp.Or(cmp.Compare(rank(a.Class), rank(b.Class)), cmp.Compare(a.Workspace, b.Workspace))
}
