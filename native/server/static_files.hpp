// The page itself: files read once and served from memory, with the headers that keep it safe.
#pragma once

#include <map>
#include <string>

#include "native/server/router.hpp"

namespace rekey::server {

/// The way back to the host application in the texts of index.html for a page that cannot start:
/// what stands in place of the comment "way-back" there. Empty without an address.
std::string way_back_html(const std::string& host_name, const std::string& host_url);

/// The files of a folder, by their path from it. Next to a file, `file.br` is the same compressed.
class StaticFiles {
 public:
  /// Reads the folder, and puts the way back into its index.html, which is not sent compressed
  /// then. Throws std::runtime_error with a sentence when it is not a built page.
  StaticFiles(const std::string& folder, const std::string& way_back);

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
