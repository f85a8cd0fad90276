#include "native/server/page_problem.hpp"

#include <algorithm>
#include <cassert>

#include "native/log.hpp"

namespace rekey::server {

namespace {

constexpr PageMessageEntry messages[] = {
    {PageMessage::session_ended, Code::session_ended, "session_ended.text", {"host"}},
    {PageMessage::link_spent, Code::link_spent, "stale_link.text", {"host"}},
    {PageMessage::other_page, Code::other_page, "problem.other_page", {"host"}},
    {PageMessage::which_page, Code::other_page, "problem.which_page", {"host"}},
    {PageMessage::confirm_link, Code::confirm_link, "question.text", {"firm"}},
    {PageMessage::confirm_link_person,
     Code::confirm_link,
     "question.text_person",
     {"firm", "person"}},
    {PageMessage::company_elsewhere,
     Code::company_elsewhere,
     "company_elsewhere.text",
     {"host", "firm"}},
    {PageMessage::too_fast, Code::exhausted, "problem.too_fast", {"seconds"}},
    {PageMessage::streams_of_session, Code::exhausted, "problem.streams_of_session"},
    {PageMessage::streams_of_peer, Code::exhausted, "problem.streams_of_peer"},
    {PageMessage::streams_in_all, Code::overloaded, "problem.streams_in_all"},
};

/// Whether each place has a value, and there is no other value.
[[maybe_unused]] bool are_filled(const PageMessageEntry& entry, const text::Values& values) {
  std::size_t places = 0;
  for (const auto place : entry.places) {
    if (place.empty()) continue;
    ++places;
    if (std::none_of(values.begin(), values.end(),
                     [&](const auto& value) { return value.first == place; }))
      return false;
  }
  return places == values.size();
}

http::Response write_problem(Code code, std::string_view message, const text::Values& values = {},
                             std::optional<std::string> refusal = {},
                             const wire::Json& more = nullptr) {
  wire::Problem out;
  out.status = entry_of(code).status;
  out.code = code_name(code);
  out.refusal = std::move(refusal);
  out.message = std::string(message);
  for (const auto& [place, value] : values) out.values.emplace(place, value);
  auto body = wire::write(out);
  if (more.is_object()) body.update(more);
  return problem_answer(entry_of(code).status, body);
}

}  // namespace

std::span<const PageMessageEntry> page_messages() {
  return messages;
}

std::string_view general_message(Code code) {
  switch (code) {
    case Code::timed_out:
      return "problem.timed_out";
    case Code::too_large:
      return "problem.too_large";
    case Code::forged_request:
      return "problem.forged_request";
    case Code::exhausted:
      return "problem.too_often";
    case Code::starting:
      return "problem.starting";
    case Code::database_unavailable:
      return "problem.database_unavailable";
    case Code::overloaded:
      return "problem.overloaded";
    default:
      return entry_of(code).status >= 500 ? "problem.internal" : "problem.unusable";
  }
}

http::Response page_problem(PageMessage message, const text::Values& values,
                            const wire::Json& more) {
  const auto& entry = messages[static_cast<std::size_t>(message)];
  assert(entry.message == message && are_filled(entry, values));
  return write_problem(entry.code, entry.id, values, {}, more);
}

http::Response page_problem(const Error& error) {
  log::debug("page.problem", {{"code", code_name(error.code)}, {"why", error.hint}});
  return write_problem(error.code, general_message(error.code));
}

http::Response page_problem(Refusal refusal) {
  const std::string name(wire::name_of(refusal));
  return write_problem(Code::not_possible, "refused." + name, {}, name);
}

http::Response page_problem(oauth::Flaw flaw) {
  const std::string name(wire::name_of(flaw));
  return write_problem(Code::callback_unusable, "callback." + name, {}, name);
}

http::Response problem_at(std::string_view path, const Error& error) {
  const bool of_page = path == "/api" || path.starts_with("/api/");
  return of_page ? page_problem(error) : problem(error);
}

}  // namespace rekey::server
