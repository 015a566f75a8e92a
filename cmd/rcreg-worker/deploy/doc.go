// Package deploy has what it takes to run workers on Kubernetes, and its tests: the manifests are put together as a cluster's tools do it, every field must be
// one that Kubernetes knows, and every flag one that the worker has.
package deploy
