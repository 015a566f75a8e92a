package registration

// strategy90 is 9.0 and all that follows: the Cloud's methods, deprecated since 8.x, may be gone, so that every question has
// its REST road in front. The old roads stay behind them: a server that still has one may be asked.
func strategy90() strategy {
	return strategy89()
}
