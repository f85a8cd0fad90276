# Which files are looked at by script/format and script/lint. To be sourced.

# sources FOLDERS...: the project's C++ files below these folders; other projects' and generated ones
# left out.
sources() {
  find "$@" -name node_modules -prune -o -type f \( -name '*.hpp' -o -name '*.cpp' \) -print | sort
}
