# $1: the store's folder. What is half made doesn't count.
mkdir -p "$1/data.new"
echo 1 >>"$1/data.new/VERSION"
mv "$1/data.new" "$1/data"
