# Builds image/ of the workspace by a BuildKit of this container's own, and pushes it. BuildKit ends with it.
# usage: HOST IMAGE TAG BRANCH [CA_BUNDLE]
set -eu
host=$1 image=$2 tag=$3 branch=$4 bundle=${5-}

# The volume is of the pod's group, whom nobody is in BuildKit's user namespace: what is made there has to be of its own group.
own=/tmp/own
mkdir "$own" && chgrp "$(id -g)" "$own" && chmod 700 "$own" && chmod g-s "$own"
mkdir "$own/tmp" "$own/run"
export TMPDIR=$own/tmp XDG_RUNTIME_DIR=$own/run
printf '[registry."%s"]\nca = ["/run/build/trust/ca.crt"]\n' "$host" > "$own/buildkitd.toml"

# Kubernetes hides parts of /proc, so that nobody can mount another: commands of a build see the processes of this container.
export BUILDKITD_FLAGS="--config=$own/buildkitd.toml --root=$own/state --oci-worker-no-process-sandbox"
# seconds on an idle machine, and half a minute on a busy one
export BUILDCTL_CONNECT_RETRIES_MAX=50

set -- --frontend=dockerfile.v0 --opt=filename=Containerfile --local=context=/workspace/image --local=dockerfile=/workspace/image
[ -z "$bundle" ] || set -- "$@" "--secret=id=ca-bundle,src=$bundle" --opt=build-arg:PIP_CERT=/run/secrets/ca-bundle
buildctl-daemonless.sh build "$@" --progress=plain "--output=type=image,\"name=$image:$tag,$image:$branch\",push=true"
