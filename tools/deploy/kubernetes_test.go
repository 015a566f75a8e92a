// Package deploy has the tests of the files in deploy/: each is read as strictly as the program does for which it is written. They are here so that only this module needs their readers.
// That the commands in them are ones of rcreg is tested in cmd/rcreg.
package deploy_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/template"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

const folder = "../../deploy"

// TestKubernetes: kustomize puts the manifests together, and each field is one that Kubernetes knows.
func TestKubernetes(t *testing.T) {
	t.Parallel()
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), filepath.Join(folder, "kubernetes"))
	if err != nil {
		t.Fatal(err)
	}
	lists, pods := map[string]bool{}, 0
	var mounted []core.Volume
	for _, resource := range built.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		switch kind := resource.GetKind(); kind {
		case "ConfigMap":
			var list core.ConfigMap
			strictly(t, text, &list)
			lists[list.Name] = true
		case "CronJob":
			var job batch.CronJob
			strictly(t, text, &job)
			pod := job.Spec.JobTemplate.Spec.Template.Spec
			checkPod(t, job.Name, pod)
			mounted = append(mounted, pod.Volumes...)
			if pods++; job.Spec.ConcurrencyPolicy != batch.ForbidConcurrent {
				t.Errorf("two runs of %s may ask a workspace at the same time", job.Name)
			}
		default:
			t.Errorf("%s %s is read by no test", kind, resource.GetName())
		}
	}
	for _, volume := range mounted {
		if volume.ConfigMap != nil && !lists[volume.ConfigMap.Name] {
			t.Errorf("%s is of the config %s, which is not made", volume.Name, volume.ConfigMap.Name)
		}
	}
	if pods == 0 {
		t.Error("nothing runs")
	}
}

// TestHelmHook: with the values of the chart its template becomes a Job that Kubernetes knows, and a hook of Helm. Helm's templates are those of Go; this one uses nothing that Helm adds.
func TestHelmHook(t *testing.T) {
	t.Parallel()
	var values map[string]any
	strictly(t, read(t, "helm/values.yaml"), &values)
	hook, err := template.New("register.yaml").Option("missingkey=error").Parse(string(read(t, "helm/templates/register.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := hook.Execute(&text, map[string]any{"Values": values, "Release": map[string]any{"Name": "my-release"}}); err != nil {
		t.Fatal(err)
	}
	var job batch.Job
	strictly(t, text.Bytes(), &job)
	checkPod(t, job.Name, job.Spec.Template.Spec)
	for _, event := range strings.Split(job.Annotations["helm.sh/hook"], ",") {
		if event != "post-install" && event != "post-upgrade" {
			t.Errorf("it is a hook of %q", event)
		}
	}
	var chart struct {
		APIVersion, Name, Description, Type, Version string
		Dependencies                                 []struct{ Name, Version, Repository string }
	}
	strictly(t, read(t, "helm/Chart.yaml"), &chart)
	if len(chart.Dependencies) != 1 || values[chart.Dependencies[0].Name] == nil || len(values) != 2 {
		t.Errorf("values of %v, for a chart with the dependencies %v", values, chart.Dependencies)
	}
}

// checkPod sees that a pod ends, has no privileges, and can read the secrets that it mounts, as it alone can.
func checkPod(t *testing.T, name string, pod core.PodSpec) {
	t.Helper()
	if !*pod.SecurityContext.RunAsNonRoot || *pod.AutomountServiceAccountToken || pod.RestartPolicy != core.RestartPolicyNever {
		t.Errorf("%s has privileges, or is started again", name)
	}
	mounted := map[string]bool{}
	for _, container := range pod.Containers {
		if c := container.SecurityContext; !*c.ReadOnlyRootFilesystem || *c.AllowPrivilegeEscalation || len(c.Capabilities.Drop) != 1 {
			t.Errorf("container %s of %s has privileges", container.Name, name)
		}
		for _, mount := range container.VolumeMounts {
			mounted[mount.Name] = true
		}
	}
	for _, volume := range pod.Volumes {
		if volume.Secret != nil && (*volume.Secret.DefaultMode != 0o440 || *pod.SecurityContext.FSGroup != *pod.SecurityContext.RunAsGroup) {
			t.Errorf("%s of %s: others can read it, or the program cannot", volume.Name, name)
		}
		if !mounted[volume.Name] {
			t.Errorf("%s of %s is not mounted", volume.Name, name)
		}
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// strictly reads YAML into a value that must have all of its fields.
func strictly(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := yaml.UnmarshalStrict(text, into); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
}
