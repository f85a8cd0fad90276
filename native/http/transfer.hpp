// One request on its way through libcurl. Internal to the client.
#pragma once

#include <curl/curl.h>

#include "native/http/client.hpp"

namespace rekey::http {

struct EasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;

/// A request and what has come of it so far; stays where it is while curl works on it.
class Transfer {
 public:
  Transfer(ClientRequest request, const ClientOptions& options);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Why it must not be sent at all, if so.
  std::optional<TransportError> objection() const;
  /// Tells curl everything about it.
  void prepare(CURL* handle);
  /// What came of it, when curl is done with it (`code`).
  Answer outcome(CURL* handle, CURLcode code);
  /// It is given up, however much of it is done.
  Answer given_up(CURL* handle) const;

 private:
  struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  void append_header(const std::string& line);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user);

  const ClientOptions& options_;
  const ClientRequest request_;
  const std::string host_;
  std::unique_ptr<curl_slist, ListDeleter> headers_;
  bool bad_header_ = false;
  ClientResponse response_;
  bool too_large_ = false;
  bool head_complete_ = false;
};

}  // namespace rekey::http
