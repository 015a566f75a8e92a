// Package manifests has the tests of the manifests in temporal/deploy: they are put together as a cluster's tools do it, every field must be one that Kubernetes
// knows, and every flag one that the worker has. They are here so that only this module needs Kubernetes' libraries.
package manifests
