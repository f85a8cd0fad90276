#include "native/server/page_member.hpp"

#include <stdexcept>

namespace rekey::server {

namespace {

template <class Answer>
Route for_who_asks(Service& service, std::optional<Deed> deed, Answer answer) {
  return [&service, deed, answer](const http::Request& request, const Places& places) {
    if (const auto forged = check_not_forged(service, request); !forged)
      return page_problem(forged.error());
    const auto who = who_asks(service, request);
    if (!who) return who.error();
    if (deed)
      if (auto refused = too_much(service, *who, *deed)) return std::move(*refused);
    try {
      return answer(request, *who, places);
    } catch (const work::NotFound&) {
      // The connection was deleted while this request was on its way.
      return session_is_over(service, who->session.visit.return_url);
    }
  };
}

}  // namespace

Route for_member(Service& service, MemberOfPage route, std::optional<Deed> deed) {
  return for_who_asks(service, deed,
                      [&service, route](const http::Request& request, const Who& who,
                                        const Places&) { return route(service, request, who); });
}

Route for_member(Service& service, PlacedMemberOfPage route, std::optional<Deed> deed) {
  return for_who_asks(
      service, deed,
      [&service, route](const http::Request& request, const Who& who, const Places& places) {
        return route(service, request, who, places);
      });
}

}  // namespace rekey::server
