# What the distribution's packages lack: a current Catch2, the sources of Dear ImGui and utf8proc, which
# are built for WebAssembly too, and what comes from npm. Everything goes to build/deps and node_modules; deleting those undoes it. To be sourced.

deps=$root/build/deps

# take_source PACKAGE VERSION: downloads this version's original tarball from the open archive,
# compares it with the pinned sum where we have one, and unpacks it into $archive/source.
take_source() {
  local package=$1 version=$2 tarball sum pinned
  rm -rf "$archive/got" "$archive/source"
  mkdir -p "$archive/got" "$archive/source"
  quietly "source-$package" private_get source --download-only "$package=$version" || return 1
  tarball=$(find "$archive/got" -name '*.orig.tar.*' ! -name '*.asc' | head -n 1)
  [ -n "$tarball" ] || return 1
  sum=$(sha256sum "$tarball" | cut -d' ' -f1)
  pinned=$(awk -v p="$package" -v v="$version" '$1 == p && $2 == v { print $3 }' "$root/script/lib/pins")
  if [ -z "$pinned" ]; then
    note "$package $version is not a version we have pinned; its signature is right"
  elif [ "$sum" != "$pinned" ]; then
    die "the archive of $package $version is not the one we know (sha256 $sum). It was not used." \
      "If the package was rebuilt for a good reason, correct script/lib/pins."
  fi
  tar -xf "$tarball" -C "$archive/source" --strip-components=1
}

# best_version PACKAGE LEAST: the pinned version where the open archive still has it, else the
# oldest one that is at least LEAST: nearest to what was tested.
best_version() {
  local package=$1 least=$2 version best=
  for version in $(source_versions "$package"); do
    if grep -q "^$package $version " "$root/script/lib/pins"; then echo "$version"; return 0; fi
    if at_least "$version" "$least"; then best=$version; fi
  done
  [ -n "$best" ] && echo "$best"
}

imgui_is_there() { [ -f "$1/imgui.cpp" ] && [ -f "$1/backends/imgui_impl_opengl3.cpp" ]; }

# Dear ImGui's sources; the packaged library is native only and too old for glyphs on demand.
get_imgui() {
  if [ -n "${IMGUI_DIR:-}" ]; then
    imgui_is_there "$IMGUI_DIR" || die "IMGUI_DIR is set to $IMGUI_DIR, but there is no imgui.cpp" \
      "with backends/imgui_impl_opengl3.cpp there. Point it at a source tree of 1.92 or newer."
    note "Dear ImGui: taken from IMGUI_DIR"
    return 0
  fi
  if imgui_is_there "$deps/imgui"; then return 0; fi
  note "getting the source of Dear ImGui"
  local suites='testing unstable' version
  if [ "$(. /etc/os-release && echo "$ID")" = ubuntu ]; then suites=devel; fi
  # shellcheck disable=SC2086
  if open_archive deb-src $suites && version=$(best_version imgui 1.92) &&
    take_source imgui "$version"; then
    rm -rf "$deps/imgui"
    mkdir -p "$deps/imgui/backends"
    cp "$archive"/source/{imgui*.cpp,imgui*.h,imconfig.h,imstb*.h,LICENSE.txt} "$deps/imgui"
    cp "$archive"/source/backends/imgui_impl_opengl3* "$deps/imgui/backends"
    close_archive
    note "Dear ImGui $version is in build/deps/imgui"
  else
    die "the source of Dear ImGui 1.92 could not be had from this system's archive ($suites), and" \
      "the page cannot be built without it. Download it by hand and set IMGUI_DIR to its folder."
  fi
}

utf8proc_is_there() { [ -f "$1/utf8proc.c" ] && [ -f "$1/utf8proc_data.c" ] && [ -f "$1/utf8proc.h" ]; }

# utf8proc's source out of one suite of the archive; false where it cannot be had there.
utf8proc_from() {
  local version worked=1
  open_archive deb-src "$1" || return 1
  if version=$(best_version utf8proc 2.8) && take_source utf8proc "$version"; then
    rm -rf "$deps/utf8proc"
    mkdir -p "$deps/utf8proc"
    cp "$archive"/source/{utf8proc.c,utf8proc_data.c,utf8proc.h,LICENSE.md} "$deps/utf8proc"
    note "utf8proc $version is in build/deps/utf8proc"
    worked=0
  fi
  close_archive
  return $worked
}

# utf8proc's source: the core is built with it natively and for WebAssembly, where no library of the
# distribution is. The version of Debian 12 first, which is the one that is pinned; a mirror that lags
# behind may lack it in one suite and have it in another.
get_utf8proc() {
  if [ -n "${UTF8PROC_DIR:-}" ]; then
    utf8proc_is_there "$UTF8PROC_DIR" || die "UTF8PROC_DIR is set to $UTF8PROC_DIR, but there are no" \
      "utf8proc.c, utf8proc_data.c and utf8proc.h there. Point it at a source tree of 2.8 or newer."
    note "utf8proc: taken from UTF8PROC_DIR"
    return 0
  fi
  if utf8proc_is_there "$deps/utf8proc"; then return 0; fi
  note "getting the source of utf8proc"
  local suite suites
  suites="bookworm $(. /etc/os-release && echo "$VERSION_CODENAME") testing"
  if [ "$(. /etc/os-release && echo "$ID")" = ubuntu ]; then
    suites="$(. /etc/os-release && echo "$VERSION_CODENAME") devel"
  fi
  for suite in $suites; do
    if utf8proc_from "$suite"; then return 0; fi
  done
  die "the source of utf8proc 2.8 could not be had from this system's archive ($suites), and nothing" \
    "can be built without it. Download it by hand and set UTF8PROC_DIR to its folder."
}

catch2_config() {
  [ -n "$(find "$deps/catch2" -name Catch2Config.cmake 2>/dev/null)" ]
}

# Debian 12 has Catch2 3 in its backports: ready made, and a matter of a second.
catch2_from_backports() {
  open_archive deb "$(. /etc/os-release && echo "$VERSION_CODENAME")-backports" || return 1
  quietly catch2 private_get download libcatch2-dev &&
    dpkg-deb -x "$archive"/got/libcatch2-dev_*.deb "$deps/catch2"
  local worked=$?
  close_archive
  return $worked
}

# Where backports are gone one day: build the current source package. Takes minutes, works anywhere.
catch2_from_source() {
  local version
  open_archive deb-src testing unstable || return 1
  version=$(best_version catch2 3.4) && take_source catch2 "$version" &&
    quietly catch2 build_catch2 "$archive/source"
  local worked=$?
  close_archive
  return $worked
}

build_catch2() {
  cmake -S "$1" -B "$archive/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
    -DCMAKE_CXX_STANDARD=20 "-DCMAKE_INSTALL_PREFIX=$deps/catch2/usr" &&
    cmake --build "$archive/build" --parallel "$(jobs_for_memory)" &&
    cmake --install "$archive/build"
}

get_catch2() {
  if catch2_config || distribution_has_catch2; then return 0; fi
  note "getting Catch2 3, which this release does not have"
  mkdir -p "$deps/catch2"
  if ! catch2_from_backports; then
    note "the release's backports do not have it: building it from source"
    catch2_from_source || die "Catch2 3 could not be had, so the tests cannot be built. Install it" \
      "by hand where CMake finds it, or build with -DREKEY_TESTS=OFF."
  fi
  note "Catch2 is in build/deps/catch2"
}

# Prometheus' own checker, taken out of its package: to install that would start a server.
get_promtool() {
  if [ -x "$deps/prometheus/usr/bin/promtool" ]; then return 0; fi
  note "getting promtool"
  local got
  got=$(mktemp -d)
  if ! download_prometheus "$got"; then
    refresh_lists
    download_prometheus "$got" || die "the package prometheus could not be downloaded, and promtool in it" \
      "checks the metrics in the tests. Check the network and try again."
  fi
  mkdir -p "$deps/prometheus"
  dpkg-deb --fsys-tarfile "$got"/prometheus_*.deb | tar -x -C "$deps/prometheus" ./usr/bin/promtool
  rm -rf "$got"
}

download_prometheus() {
  (cd "$1" && quietly prometheus apt-get -q -o "APT::Sandbox::User=$(id -un)" download prometheus)
}

# npm_install FOLDER: installs what FOLDER/package-lock.json says, when that has not been done yet.
npm_install() {
  local folder=$1 stamp sum
  stamp=$root/$folder/node_modules/.rekey-lock
  sum=$(sha256sum "$root/$folder/package-lock.json" | cut -d' ' -f1)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ]; then return 0; fi
  note "npm packages of $folder/"
  quietly "npm-$folder" npm ci --prefix "$root/$folder" --ignore-scripts --no-audit --no-fund ||
    die "npm could not install what $folder/package-lock.json lists. The log above says why."
  link_node "$root/$folder/node_modules"
  echo "$sum" >"$stamp"
}

# The Node.js that came as a package is to be found as "node". npm itself does that, but version 9
# takes the link away again together with the package for the other kind of processor.
link_node() {
  local program
  for program in "$1"/node-linux-*/bin/node; do
    if [ -x "$program" ]; then ln -sf "../${program#"$1"/}" "$1/.bin/node"; fi
  done
}
