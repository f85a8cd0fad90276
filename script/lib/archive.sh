# Single packages out of another suite of the archive this machine already uses. To be sourced.
#
# Nothing of the system's apt changes: source list, package lists and cache live in a folder of our
# own, and the signatures are checked with the keys the system trusts for that archive. Only the age
# of the lists is not judged: a mirror that lags behind still serves what its keys have signed, and
# what we build from is pinned by its sum.

# The address and the key file of the archive that serves this release: "uri|key".
own_archive() {
  local id
  case $ID in ubuntu) id=Ubuntu ;; *) id=Debian ;; esac
  apt-get indextargets --format '$(CREATED_BY)|$(RELEASE)|$(ORIGIN)|$(REPO_URI)|$(SIGNED_BY)' |
    awk -F'|' -v code="$VERSION_CODENAME" -v origin="$id" \
      '$1 == "Packages" && $2 == code && $3 == origin && !found++ { print $4 "|" $5 }'
}

# open_archive TYPE SUITES...: makes a private view of these suites, TYPE being deb or deb-src.
# False where the archive does not have them.
open_archive() {
  local type=$1 line uri key components=main
  shift
  . /etc/os-release
  line=$(own_archive)
  # Without the system's lists apt cannot say which archive is whose.
  if [ -z "$line" ]; then refresh_lists; line=$(own_archive); fi
  uri=${line%%|*} key=${line#*|}
  [ -n "$uri" ] || return 1
  if [ "$ID" = ubuntu ]; then components='main universe'; fi

  archive=$(mktemp -d)
  chmod 755 "$archive"
  mkdir -p "$archive/lists/partial" "$archive/cache/archives/partial" "$archive/got"
  {
    printf 'Types: %s\nURIs: %s\nSuites: %s\nComponents: %s\n' "$type" "$uri" "$*" "$components"
    case $key in /*) printf 'Signed-By: %s\n' "$key" ;; esac
  } >"$archive/private.sources"
  quietly "private-${type}" private_get update || { close_archive; return 1; }
}

private_options() {
  printf '%s\n' -o "Dir::State::Lists=$archive/lists" -o "Dir::Cache=$archive/cache" \
    -o "Dir::Etc::sourcelist=$archive/private.sources" -o Dir::Etc::sourceparts=- \
    -o "APT::Sandbox::User=$(id -un)" -o Acquire::Languages=none -o APT::Update::Error-Mode=any \
    -o Acquire::Check-Valid-Until=false
}

private_get() {
  local options
  mapfile -t options < <(private_options)
  (cd "$archive/got" && apt-get -q "${options[@]}" "$@")
}

private_cache() {
  local options
  mapfile -t options < <(private_options)
  LC_ALL=C apt-cache "${options[@]}" "$@"
}

close_archive() { rm -rf "$archive"; }

# source_versions PACKAGE: the versions of a source package in the open archive, newest first.
source_versions() {
  private_cache showsrc --only-source "$1" 2>/dev/null | awk '$1 == "Version:" { print $2 }' |
    sort -Vru
}
