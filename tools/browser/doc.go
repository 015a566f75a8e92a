// Package browser has the tests of reports in a real browser. They need one, and a build tag:
//
//	go test -tags browser ./tools/browser -chromium /usr/bin/chromium -shots pictures
package browser
