#include "policy/checks/check.h"

namespace postern {

std::vector<Verdict> FailsWith(std::string detail) {
  return {{Outcome::kFail, Subject::Message(), std::move(detail)}};
}

std::vector<Verdict> UnknownFor(std::string detail) {
  return {{Outcome::kUnknown, Subject::Message(), std::move(detail)}};
}

std::string_view ToString(Level level) {
  switch (level) {
    case Level::kNotice:
      return "notice";
    case Level::kShould:
      return "should";
    case Level::kMust:
      return "must";
  }
  return "?";
}

std::string_view ToString(Outcome outcome) {
  switch (outcome) {
    case Outcome::kFail:
      return "fail";
    case Outcome::kUnknown:
      return "unknown";
  }
  return "?";
}

}  // namespace postern
