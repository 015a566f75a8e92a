// Package tiny is mutated by the tests of the command: one of its checks is tested, one is not.
package tiny

// Fee is nothing for members, and never below one for others.
func Fee(isMember bool, amount int) int {
	if isMember {
		return 0
	}
	if amount < 1 {
		return 1
	}
	return amount
}

// Forgotten is called by no test.
func Forgotten(amount int) bool { return amount == 7 }
