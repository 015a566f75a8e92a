// Package manifests has the tests of the manifests in temporal/deploy: they are put together as a cluster's tools do it, every field must be one that Kubernetes
// knows, and every flag one that the worker has. They are here so that only this module needs Kubernetes' libraries.
package manifests_test

import (
	"bytes"
	"testing"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	network "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/rcreg/registration/temporal/internal/cli"
)

const folder = "../../../deploy/kubernetes"

// manifests puts the manifests together, each as the kind that it says it is.
func manifests(t *testing.T) map[string][]any {
	t.Helper()
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]any{}
	for _, resource := range built.Resources() {
		kind := resource.GetKind()
		object, known := map[string]any{
			"ConfigMap": &core.ConfigMap{}, "Deployment": &apps.Deployment{},
			"PodDisruptionBudget": &policy.PodDisruptionBudget{}, "NetworkPolicy": &network.NetworkPolicy{},
		}[kind]
		text, err := resource.AsYAML()
		if err == nil && known {
			err = yaml.UnmarshalStrict(text, object)
		}
		if err != nil || !known {
			t.Fatalf("%s %s, known: %t: %v", kind, resource.GetName(), known, err)
		}
		found[kind] = append(found[kind], object)
	}
	return found
}

// TestManifests are ones that a cluster takes: each selector finds the workers, and what a worker mounts it can read.
func TestManifests(t *testing.T) {
	t.Parallel()
	found := manifests(t)
	deployment := found["Deployment"][0].(*apps.Deployment)
	pod := deployment.Spec.Template
	for name, selector := range map[string]map[string]string{
		"deployment": deployment.Spec.Selector.MatchLabels,
		"spread":     pod.Spec.TopologySpreadConstraints[0].LabelSelector.MatchLabels,
		"disruption": found["PodDisruptionBudget"][0].(*policy.PodDisruptionBudget).Spec.Selector.MatchLabels,
		"network":    found["NetworkPolicy"][0].(*network.NetworkPolicy).Spec.PodSelector.MatchLabels,
	} {
		for label, value := range selector {
			if pod.Labels[label] != value {
				t.Errorf("the selector of %s finds no worker: %v", name, selector)
			}
		}
		if len(selector) == 0 {
			t.Errorf("the selector of %s is empty", name)
		}
	}
	configs := map[string]bool{}
	for _, object := range found["ConfigMap"] {
		configs[object.(*core.ConfigMap).Name] = true
	}
	for _, volume := range pod.Spec.Volumes {
		switch {
		case volume.Secret != nil && *volume.Secret.DefaultMode != 0o440:
			t.Errorf("%s has the mode %o: others than the worker can read it, or the worker cannot", volume.Name, *volume.Secret.DefaultMode)
		case volume.ConfigMap != nil && !configs[volume.ConfigMap.Name]:
			t.Errorf("%s is of the config %s, which nobody makes", volume.Name, volume.ConfigMap.Name)
		}
	}
}

// TestManifestsStartAWorker with flags that it has.
func TestManifestsStartAWorker(t *testing.T) {
	t.Parallel()
	container := manifests(t)["Deployment"][0].(*apps.Deployment).Spec.Template.Spec.Containers[0]
	var out bytes.Buffer
	system := cli.Machine()
	system.Stdout, system.Stderr = &out, &out
	if code := cli.Run(t.Context(), append(container.Args, "--help"), system); code != 0 || len(container.Args) == 0 {
		t.Errorf("%v ends with %d: %s", container.Args, code, out.String())
	}
	for _, probe := range []*core.Probe{container.LivenessProbe, container.ReadinessProbe} {
		if probe.HTTPGet.Port.StrVal != container.Ports[0].Name {
			t.Errorf("the port of %s is no port of the container", probe.HTTPGet.Path)
		}
	}
}
