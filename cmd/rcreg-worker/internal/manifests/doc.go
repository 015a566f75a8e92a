// Package manifests has the tests of deploy/kubernetes: they are put together as a cluster's tools do it, and every field must be one that Kubernetes knows.
package manifests
