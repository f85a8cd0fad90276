#include "native/server/problem.hpp"

namespace rekey::server {

namespace {

struct Kind {
  int status;
  const char* title;
};

Kind kind_of(Code code) {
  switch (code) {
    case Code::bad_input:
      return {400, "The request cannot be used"};
    case Code::not_allowed:
      return {401, "Not signed in"};
    case Code::not_found:
      return {404, "There is no such thing"};
    case Code::conflict:
      return {409, "Something else happened first"};
    case Code::not_possible:
      return {409, "Not possible now"};
    case Code::exhausted:
      return {429, "Too much at once"};
    case Code::refused:
      return {502, "The provider refused"};
    case Code::unreachable:
      return {503, "The provider cannot be reached"};
    case Code::unreadable:
      return {502, "The provider's answer cannot be read"};
    case Code::misconfigured:
      return {500, "The service is not configured correctly"};
    case Code::internal:
      break;
  }
  return {500, "Something went wrong here"};
}

const char* title_of(int status, const Kind& kind) {
  if (status == kind.status) return kind.title;
  switch (status) {
    case 403:
      return "Not allowed";
    case 412:
      return "Changed since it was read";
    case 422:
      return "The request does not fit an earlier one";
    default:
      return kind.title;
  }
}

http::Response write(const wire::Problem& problem, const wire::Json& more = nullptr) {
  auto body = wire::write(problem);
  if (more.is_object()) body.update(more);
  auto response = json_answer(static_cast<int>(problem.status), body);
  response.headers.set("Content-Type", "application/problem+json");
  if (problem.status == 401) response.headers.set("WWW-Authenticate", "Bearer realm=\"rekey\"");
  return response;
}

}  // namespace

int status_of(Code code) {
  return kind_of(code).status;
}

http::Response problem(const Error& error) {
  const auto kind = kind_of(error.code);
  return write(
      {"about:blank", kind.title, kind.status, error.hint, std::string(code_name(error.code)), {}});
}

http::Response problem(const Error& error, const wire::Json& more) {
  const auto kind = kind_of(error.code);
  const int status = more.value("status", kind.status);
  return write({"about:blank",
                title_of(status, kind),
                status,
                error.hint,
                std::string(code_name(error.code)),
                {}},
               more);
}

http::Response problem(Refusal refusal, const text::Catalogue& words) {
  const auto kind = kind_of(Code::not_possible);
  const std::string name(wire::name_of(refusal));
  return write({"about:blank", kind.title, kind.status, words.say("refused." + name),
                std::string(code_name(Code::not_possible)), name});
}

http::Response json_answer(int status, const wire::Json& body) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = wire::dump(body);
  return response;
}

}  // namespace rekey::server
