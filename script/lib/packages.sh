# The distribution's packages: which ones we need here, and getting those that are missing. To be sourced.

# What a build and the demo need. A name after the colon is a command that does as well.
build_packages() {
  printf '%s\n' g++:g++ cmake:cmake ninja-build:ninja pkg-config:pkg-config ccache:ccache git:git \
    curl:curl xz-utils:xz brotli:brotli python3:python3 fonttools:pyftsubset nodejs:node npm:npm \
    emscripten:emcc ca-certificates nlohmann-json3-dev libexpected-dev libcurl4-openssl-dev \
    libsqlite3-dev libpq-dev libcli11-dev libtomlplusplus-dev libssl-dev libpugixml-dev \
    prometheus-cpp-dev
  if ! boost_is_new; then boost_package; fi
}

# What the tests need besides.
test_packages() {
  printf '%s\n' librapidcheck-dev sqlite3:sqlite3 clang-format:clang-format clang-tidy:clang-tidy graphviz:dot \
    fonts-noto-core fonts-noto-cjk nginx-light:nginx pgbouncer:pgbouncer
  if ! has_postgres_server; then printf '%s\n' postgresql; fi
  if ! catch2_config && distribution_has_catch2; then printf '%s\n' catch2; fi
  if ! find_chromium >/dev/null; then chromium_package; fi
}

# The version apt would install, or nothing.
candidate() {
  LC_ALL=C apt-cache policy "$1" 2>/dev/null |
    awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

at_least() { [ -n "$1" ] && dpkg --compare-versions "$1" ge "$2"; }

# Boost's coroutines in the shape we use came with 1.81.
boost_is_new() {
  awk '$2 == "BOOST_VERSION" { version = $3 } END { exit version < 108100 }' \
    /usr/include/boost/version.hpp 2>/dev/null
}

# Debian 12 has that beside its default 1.74.
boost_package() {
  if at_least "$(candidate libboost-dev)" 1.81; then
    echo libboost-dev
  else
    echo libboost1.81-dev
  fi
}

distribution_has_catch2() {
  [ -f /usr/include/catch2/catch_all.hpp ] || at_least "$(candidate catch2)" 3
}

# Its programs are not on the PATH: several versions of it may be installed.
has_postgres_server() {
  [ -n "$(compgen -G '/usr/lib/postgresql/*/bin/initdb')" ] || command -v initdb >/dev/null
}

# On Ubuntu the browser is a snap behind a package of another name.
chromium_package() {
  if [ -n "$(candidate chromium)" ]; then echo chromium; else echo chromium-browser; fi
}

find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name"; then return 0; fi
  done
  return 1
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# missing_of ENTRIES...: the packages among "package[:command]" entries that are not there yet.
missing_of() {
  local entry
  for entry in "$@"; do
    if [[ $entry == *:* ]] && command -v "${entry#*:}" >/dev/null; then continue; fi
    installed "${entry%%:*}" || printf '%s\n' "${entry%%:*}"
  done
}

# Says so at once where packages cannot be installed. To be called before what as_root runs quietly.
need_root() {
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    die "$1, which needs root. Run this script as root, or install sudo."
  fi
}

# Runs a command as root, directly or by sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -E "$@"; fi
}

refresh_lists() {
  need_root "the package lists must be read"
  note "reading the package lists of this machine's own sources"
  quietly apt-update as_root apt-get -o DPkg::Lock::Timeout=300 update ||
    die "apt-get update failed, so nothing can be installed. Check the network and try again."
}

# The names depend on what the distribution has, so the lists must be there before we ask for them.
need_lists() { boost_is_new || [ -n "$(candidate g++)" ] || refresh_lists; }

# Servers are here for tests, which start them by themselves: Debian's packages would start them at
# once, and ask this script whether they may.
without_services() (
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'as_root rm -f "$policy"' EXIT
    as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
  fi
  "$@"
)

apt_install() {
  without_services as_root env DEBIAN_FRONTEND=noninteractive apt-get \
    -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
}

# install_missing ENTRIES...: says what is missing and installs it; says nothing when all is there.
install_missing() {
  local missing
  mapfile -t missing < <(missing_of "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  need_root "these packages must be installed: ${missing[*]}"
  note "installing ${missing[*]}"
  if quietly apt-install apt_install "${missing[@]}"; then return 0; fi
  # Old lists name files that have left the archive: read them anew, once.
  refresh_lists
  quietly apt-install apt_install "${missing[@]}" ||
    die "some packages could not be installed. The log above says which; then run this again."
}

# install_packages [--test]
install_packages() {
  command -v apt-get >/dev/null ||
    die "this script installs packages with apt (Debian 12 and 13, Ubuntu 24.04). On another" \
      "system install what script/lib/packages.sh lists, then run script/build."
  need_lists
  local entries
  mapfile -t entries < <(build_packages; if [ "${1:-}" = --test ]; then test_packages; fi)
  install_missing "${entries[@]}"
}
