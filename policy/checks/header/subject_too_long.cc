// subject-too-long: Gmail's limit; from 255 on it is subject-long.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     552,
     {5, 3, 4},
     "The size of the Subject header exceeds the limit",
     "support.google.com/a/answer/3726730"},
};

// Characters, not octets: continuation octets of UTF-8 are not counted.
std::size_t Characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (c & 0xc0) != 0x80; }));
}

constexpr std::size_t kLimit = 998;

std::vector<Verdict> Run(const Facts& facts) {
  const std::size_t length = Characters(facts.header.subject);
  if (length <= kLimit) return {};
  return FailsWith("a Subject of " + std::to_string(length) + " characters");
}

}  // namespace

constinit const Check kSubjectTooLong = {
    .id = "subject-too-long",
    .rules = "H27",
    .summary = "The Subject is longer than 998 characters.",
    .fix = "shorten the subject; most often the text came into it by mistake",
    .cites = "RFC 5322 s.2.1.1; support.google.com/a/answer/3726730",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
