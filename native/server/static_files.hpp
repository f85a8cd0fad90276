// The page itself: files read once and served from memory, with the headers that keep it safe.
#pragma once

#include <map>
#include <string>

#include "native/server/router.hpp"

namespace rekey::server {

/// The files of a folder, by their path from it. Next to a file, `file.br` is the same compressed.
class StaticFiles {
 public:
  /// Reads the folder. Throws std::runtime_error with a sentence when it is not a built page.
  explicit StaticFiles(const std::string& folder);

  /// Answers a GET; unknown paths are answered 404. "/" and "/callback" are the page.
  http::Response serve(const http::Request& request, bool secure) const;

 private:
  struct File {
    std::string body, brotli, type, etag;
  };
  std::map<std::string, File> files_;
};

/// The headers of every answer of ours: no framing, no sniffing, no referrer, a strict policy.
void add_safety_headers(http::Response& response, bool secure);

}  // namespace rekey::server
