// A request as a server gets it, made without a socket.
#pragma once

#include <string>
#include <utility>

#include "native/http/http.hpp"

namespace rekey::test {

/// `target` is the path, percent-encoded, with the query if there is one.
inline http::Request request_of(std::string method, const std::string& target,
                                http::Headers headers, std::string body) {
  http::Request request;
  request.method = std::move(method);
  const auto mark = target.find('?');
  request.path = http::percent_decode(target.substr(0, mark), false);
  if (mark != std::string::npos) request.query = target.substr(mark + 1);
  request.headers = std::move(headers);
  request.body = std::move(body);
  return request;
}

}  // namespace rekey::test
