//go:build race

package fleet_test

// raceFactor: what is watched for races takes up to twice the memory.
const raceFactor = 2
