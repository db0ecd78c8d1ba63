# Puts one manifest on a branch of its own: a ConfigMap NAME with TEXT.
branch=$3 name=$4 text=$5
git init --quiet --initial-branch="$branch" work
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: %s }\ndata: { text: %s }\n' "$name" "$text" > work/greeting.yaml
git -C work add greeting.yaml
git -C work commit --quiet --message 'a greeting'
git -C work push --quiet --force "$url" "$branch"
