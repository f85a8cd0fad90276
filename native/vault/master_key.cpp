#include "native/vault/master_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/text/catalogue.hpp"
#include "native/system/private_file.hpp"
#include "native/vault/blob.hpp"
#include "native/vault/random.hpp"
#include "native/vault/vault.hpp"

namespace rekey::vault {
namespace {

constexpr std::size_t most_bytes = 64 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

std::string reason() {
  return std::strerror(errno);
}

tl::unexpected<Error> unusable(std::string_view sentence, const std::string& path,
                               const std::string& why = {}) {
  return fail(Code::misconfigured, text::fill(sentence, {{"path", path}, {"why", why}}));
}

Result<void> check_file(int descriptor, const std::string& path) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
    return unusable("The master key file {path} is not a file.", path);
  return system::check_private(status, text::fill("The master key file {path}", {{"path", path}}),
                               path);
}

NamedKey name_key(std::string bytes) {
  std::string id = sha256_hex(std::string("rekey master key\n").append(bytes)).substr(0, 16);
  return {std::move(id), Secret(std::move(bytes))};
}

std::string_view trim(std::string_view line) {
  constexpr std::string_view blank = " \t\r";
  line.remove_prefix(std::min(line.find_first_not_of(blank), line.size()));
  return line.substr(0, line.find_last_not_of(blank) + 1);
}

}  // namespace

Result<std::vector<NamedKey>> parse_master_keys(const Secret& text, const std::string& origin) {
  std::vector<NamedKey> keys;
  std::string_view rest = text.reveal();
  for (int number = 1; !rest.empty(); ++number) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty() || line.front() == '#') continue;
    auto bytes = base64_decode(line);
    if (!bytes || bytes->size() != key_bytes)
      return fail(
          Code::misconfigured,
          text::fill("Line {number} of {origin} is not a master key: 32 bytes in base64 are "
                     "needed, such as `openssl rand -base64 32` prints.",
                     {{"number", std::to_string(number)}, {"origin", origin}}));
    NamedKey key = name_key(std::move(*bytes));
    const bool known = std::any_of(keys.begin(), keys.end(),
                                   [&](const NamedKey& other) { return other.id == key.id; });
    if (!known) keys.push_back(std::move(key));
  }
  if (keys.empty())
    return fail(
        Code::misconfigured,
        text::fill("There is no master key in {origin}: 32 bytes in base64 are needed, such "
                   "as `openssl rand -base64 32` prints.",
                   {{"origin", origin}}));
  return keys;
}

Result<Secret> read_key_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0)
    return unusable("The master key file {path} cannot be opened: {why}.", path, reason());
  if (auto checked = check_file(file.number(), path); !checked)
    return tl::unexpected(checked.error());
  std::string bytes(most_bytes, '\0');
  const auto count = ::read(file.number(), bytes.data(), bytes.size());
  if (count < 0)
    return unusable("The master key file {path} cannot be read: {why}.", path, reason());
  bytes.resize(static_cast<std::size_t>(count));
  return Secret(std::move(bytes));
}

Result<Secret> read_key_command(const std::string& command, std::string_view what) {
  std::FILE* output = ::popen(command.c_str(), "re");
  if (output == nullptr)
    return fail(Code::misconfigured, text::fill("{what} cannot be run: {why}.",
                                                {{"what", std::string(what)}, {"why", reason()}}));
  std::string bytes(most_bytes, '\0');
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), output));
  Secret printed(std::move(bytes));
  const int status = ::pclose(output);
  if (status == -1 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return fail(Code::misconfigured,
                text::fill("{what} failed; run it by hand as this user to see why.",
                           {{"what", std::string(what)}}));
  return printed;
}

Result<void> make_key_file(const std::string& path) {
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file.number() < 0 && errno == EEXIST)
    return fail(Code::not_possible,
                text::fill("There is a file {path} already; a master key is never overwritten, "
                           "because what it sealed would be lost.",
                           {{"path", path}}));
  if (file.number() < 0)
    return unusable("The master key file {path} cannot be made: {why}.", path, reason());
  std::string lines =
      "# A master key of Rekey. Keep a copy apart from the database: without the key,\n"
      "# the connections in it cannot be used.\n";
  lines.append(base64_encode(random_bytes(key_bytes))).append("\n");
  const Secret text(std::move(lines));
  const std::string& bytes = text.reveal();
  if (::write(file.number(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
      ::fsync(file.number()) != 0) {
    const std::string why = reason();
    ::unlink(path.c_str());
    return unusable("The master key file {path} cannot be written: {why}.", path, why);
  }
  return {};
}

}  // namespace rekey::vault
