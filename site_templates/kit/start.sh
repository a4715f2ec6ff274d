#!/bin/sh
# Makes this machine ready to publish this site: sh start.sh [DIR]
# It needs Python @python@ with venv, and git; no network.
set -eu
kit=$(cd "$(dirname "$0")" && pwd)
folder=${1:-"$HOME"/@folder@}
python=""
for found in python@python@ python3 python; do
    if "$found" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "@python@")' 2>/dev/null; then python=$found; break; fi
done
if [ -z "$python" ]; then
    echo "start.sh: there is no Python @python@ here, for which this kit was made. Install it, or use another machine." >&2
    exit 1
fi
if [ -e "$folder" ]; then
    echo "start.sh: $folder exists already. Give another folder: sh start.sh FOLDER" >&2
    exit 1
fi
echo "1/4 Comparing the kit with its sums"
(cd "$kit" && "$python" check.py)
echo "2/4 Unpacking the repository into $folder"
git clone --quiet --branch @branch@ "$kit/site.bundle" "$folder"
git -C "$folder" remote set-url origin @remote@
cd "$folder"@inside@
echo "3/4 Making a Python environment"
"$python" -m venv .venv
.venv/bin/python -m pip install -qq --disable-pip-version-check --no-index --find-links "$kit/wheels" --require-hashes -r requirements.lock
if [ -f "$kit/rclone" ]; then cp "$kit/rclone" .venv/bin/rclone && chmod 755 .venv/bin/rclone; fi
echo "4/4 Checking the site"
if ! .venv/bin/python -m status_tool --help > /dev/null; then
    echo "start.sh: the program does not run in $(pwd). Give another folder, with plain letters: sh start.sh FOLDER" >&2
    exit 1
fi
.venv/bin/python -m status_tool check || true
cat <<END

Ready. Next:
  cd "$(pwd)" && . .venv/bin/activate
  git config user.name "Your name" && git config user.email you@example.org
  status                      (what is open, what is due, what to type)
  status update -m "What you know now." --next 30m
  status build && status deploy && status verify
END
