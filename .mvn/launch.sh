# What the launchers of this checkout share: finding a JDK, and building when there is no build yet
# or the sources are newer. Read by ./tally and tests/run, which set before:
#
#   launcher  the name that messages begin with
#   home      the checkout
#   goal      the module to be built, with all that it needs
#   modules   these, goal included
#   unbuilt   the exit status when the build fails
#   jars      the directory that gets our own jars; a running process keeps what it has opened

java_major=25

fail() { # status, lines...
  status=$1
  shift
  printf "$launcher: %s\n" "$@" >&2
  exit "$status"
}

# --- the JDK ------------------------------------------------------------------------------------

major_of() { # prints the feature version of the JDK in a directory; fails where there is none
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  version=
  if [ -r "$1/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release")
  fi
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9][0-9]*\).*/\1/p')
  fi
  [ -n "$version" ] && printf '%s\n' "$version"
}

jdk=
looked=
try() { # what it is called, directory
  [ -z "$jdk" ] || return 0
  if ! major=$(major_of "$2"); then
    [ "$1" = place ] || looked="$looked
  $1: no JDK in $2"
  elif [ "$major" -ge "$java_major" ]; then
    jdk=$2
  elif [ "$1" = place ]; then
    looked="$looked
  $2: JDK $major"
  else
    looked="$looked
  $1: JDK $major in $2"
  fi
}

find_jdk() {
  if [ -n "${JAVA_HOME:-}" ]; then try JAVA_HOME "$JAVA_HOME"; else looked="$looked
  JAVA_HOME: not set"; fi
  if on_path=$(command -v java); then
    on_path=$(follow "$on_path")
    try PATH "$(dirname -- "$(dirname -- "$on_path")")"
  else
    looked="$looked
  PATH: no java"
  fi
  for place in /usr/lib/jvm/* /usr/java/* /opt/* "${HOME:-/}"/.sdkman/candidates/java/* \
    "${HOME:-/}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    try place "$place"
  done
  [ -n "$jdk" ] || fail 2 "found no JDK $java_major or newer. Looked at:$looked
  /usr/lib/jvm/*, /usr/java/*, /opt/*, ~/.sdkman/candidates/java/*, ~/.jdks/*,
  /Library/Java/JavaVirtualMachines/*: nothing else" \
    "get one from https://adoptium.net, with 'sdk install java $java_major-tem', or from your" \
    "system's packages, then set JAVA_HOME to it or put it in one of these places."
}

target=$home/$goal/target
stamp=$jars.stamp
log=$jars-build.log

# --- the build ----------------------------------------------------------------------------------

stale() { # whether there is no build, or a POM or main source is newer than the one there is
  [ -f "$stamp" ] || return 0
  for module in $modules; do
    [ -d "$home/$module/src/main" ] || continue
    [ -z "$(find "$home/$module/src/main" -newer "$stamp" -print | head -n 1)" ] || return 0
  done
  poms_changed
}

poms_changed() {
  [ ! -f "$stamp" ] || [ -n "$(find "$home/pom.xml" "$home"/*/pom.xml -newer "$stamp" -print)" ]
}

progress() { # follows the build in one line, until it ends
  second=0
  while kill -0 "$maven_pid" 2>/dev/null; do
    step=$(sed -n 's/^\[INFO\] Building Tallystick\( :: \)\{0,1\}\([^ ]*\).*\[\(.*\)\]$/\3 \2/p' \
      "$log" | tail -n 1)
    printf '\r\033[K%s: building %s (%s s)' "$launcher" "$step" "$second" >&2
    sleep 1
    second=$((second + 1))
  done
  printf '\r\033[K' >&2
}

build() {
  maven=${TALLY_MAVEN:-mvn}
  command -v "$maven" >/dev/null 2>&1 || fail 2 "there is no build yet, and no Maven to make one" \
    "install Maven 3.8 or newer, or name it in TALLY_MAVEN (looked for: $maven)"
  if poms_changed; then rm -rf "$target/lib"; fi # else a version that is no longer used would stay
  : >"$stamp.new"
  (cd "$home" && JAVA_HOME=$jdk exec "$maven" -B -Dmaven.test.skip=true -pl "$goal" -am package) \
    >"$log" 2>&1 </dev/null 9>&- &
  maven_pid=$!
  trap 'kill "$maven_pid" 2>/dev/null; exit 130' INT
  trap 'kill "$maven_pid" 2>/dev/null; exit 143' TERM HUP
  if [ -t 2 ]; then progress; else echo "$launcher: building, log in $log" >&2; fi
  if ! wait "$maven_pid"; then
    escape=$(printf '\033')
    # What went wrong, once, without Maven's colours, advice and chatter.
    sed "s/$escape\[[0-9;]*m//g" "$log" |
      grep -v -e '^\[INFO\]' -e '^WARNING:' -e '^\[WARNING\]' -e '^\[ERROR\] *$' -e 'Help 1' \
        -e 're-run Maven' -e 'Re-run Maven' -e 'possible solutions' -e ' -rf :' \
        -e 'After correcting' | awk 'NF && !seen[$0]++' | tail -n 30 >&2
    fail "$unbuilt" "the build failed; all of its log is in $log"
  fi
  trap - INT TERM HUP
  mkdir -p "$jars"
  rm -f "$jars"/*
  for module in $modules; do
    for jar in "$home/$module/target/$module"-*.jar; do
      cp "$jar" "$jars/${jar##*/}"
    done
  done
  mv "$stamp.new" "$stamp"
}

build_if_stale() {
  stale || return 0
  mkdir -p "$target" "$home/app-ledger/target"
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$home/app-ledger/target/tally.lock"
    if ! flock -n 9; then
      echo "$launcher: waiting for another build of this checkout" >&2
      flock 9
    fi
    if stale; then build; fi
    exec 9>&-
  else
    build
  fi
}
