// Changing the file that master keys are in.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/text/catalogue.hpp"
#include "native/vault/blob.hpp"
#include "native/vault/master_key.hpp"
#include "native/vault/random.hpp"
#include "native/vault/vault.hpp"

namespace rekey::vault {
namespace {

/// A line of the file; with an id when it is a key.
struct Line {
  Secret text;
  std::string id;
};

Result<std::vector<Line>> read_lines(const std::string& path) {
  const auto text = read_key_file(path);
  if (!text) return tl::unexpected(text.error());
  // As a whole first, so that an error names its line.
  if (auto parsed =
          parse_master_keys(*text, text::fill("the master key file {path}", {{"path", path}}));
      !parsed)
    return tl::unexpected(parsed.error());
  std::vector<Line> lines;
  std::string_view rest = text->reveal();
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    Line line{Secret(rest.substr(0, end)), {}};
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (auto keys = parse_master_keys(line.text, "a line")) line.id = keys->front().id;
    lines.push_back(std::move(line));
  }
  return lines;
}

Line new_line() {
  Line line{Secret(base64_encode(random_bytes(key_bytes))), {}};
  line.id = parse_master_keys(line.text, "a new key")->front().id;
  return line;
}

Result<void> cannot_write(const std::string& path) {
  return fail(Code::misconfigured, text::fill("The master key file {path} cannot be written: "
                                              "{why}. It is as it was.",
                                              {{"path", path}, {"why", std::strerror(errno)}}));
}

/// Beside the file first, and put in its place when it is safely on the disk.
Result<void> replace(const std::string& path, const std::vector<Line>& lines) {
  std::string text;
  for (const auto& line : lines) text += line.text.reveal() + "\n";
  const Secret whole(std::move(text));
  const std::string beside = path + ".new";
  ::unlink(beside.c_str());
  struct stat before {};
  const int file =
      ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return cannot_write(path);
  const auto& bytes = whole.reveal();
  // Its owner may be the service's user, and we root.
  const bool owned = ::stat(path.c_str(), &before) != 0 || before.st_uid == ::geteuid() ||
                     ::fchown(file, before.st_uid, before.st_gid) == 0;
  const bool written =
      owned && ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
      ::fsync(file) == 0;
  ::close(file);
  if (!written || ::rename(beside.c_str(), path.c_str()) != 0) {
    auto failed = cannot_write(path);
    ::unlink(beside.c_str());
    return failed;
  }
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (const int there = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); there >= 0) {
    ::fsync(there);
    ::close(there);
  }
  return {};
}

bool is_key(const Line& line) {
  return !line.id.empty();
}

Result<std::string> keep(const std::string& path, const std::vector<Line>& lines,
                         const std::string& id) {
  if (auto replaced = replace(path, lines); !replaced) return tl::unexpected(replaced.error());
  return id;
}

}  // namespace

Result<std::string> add_key(const std::string& path) {
  auto lines = read_lines(path);
  if (!lines) return tl::unexpected(lines.error());
  lines->push_back(new_line());
  return keep(path, *lines, lines->back().id);
}

Result<std::string> rotate_keys(const std::string& path) {
  auto lines = read_lines(path);
  if (!lines) return tl::unexpected(lines.error());
  if (std::count_if(lines->begin(), lines->end(), is_key) == 1) lines->push_back(new_line());
  const auto last = std::find_if(lines->rbegin(), lines->rend(), is_key);
  Line moved = std::move(*last);
  lines->erase(std::next(last).base());
  const auto top = std::find_if(lines->begin(), lines->end(), is_key);
  const auto id = moved.id;
  lines->insert(top, std::move(moved));
  return keep(path, *lines, id);
}

Result<std::string> remove_key(const std::string& path, const std::string& id) {
  auto lines = read_lines(path);
  if (!lines) return tl::unexpected(lines.error());
  const auto used = std::find_if(lines->begin(), lines->end(), is_key);
  if (used->id == id)
    return fail(Code::not_possible,
                text::fill("The key {id} is the one in use. Rotate first: rekey keys rotate.",
                           {{"id", id}}));
  const auto found =
      std::find_if(lines->begin(), lines->end(), [&](const Line& line) { return line.id == id; });
  if (id.empty() || found == lines->end())
    return fail(Code::not_found, text::fill("There is no key \"{id}\" in the master key file "
                                            "{path}. `rekey keys list` shows which there are.",
                                            {{"id", id}, {"path", path}}));
  lines->erase(found);
  return keep(path, *lines, id);
}

}  // namespace rekey::vault
