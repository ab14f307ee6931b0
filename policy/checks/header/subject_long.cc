// subject-long: Microsoft 365 takes 255; beyond 998 it is subject-too-long.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"m365",
     550,
     {5, 6, 0},
     "Subject exceeds 255 characters",
     "Exchange Online limits, message limits"},
};

// Characters, not octets: continuation octets of UTF-8 are not counted.
std::size_t Characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (c & 0xc0) != 0x80; }));
}

constexpr std::size_t kLimit = 255;
constexpr std::size_t kTooLong = 998;

std::vector<Verdict> Run(const Facts& facts) {
  const std::size_t length = Characters(facts.header.subject);
  if (length <= kLimit || length > kTooLong) return {};
  return FailsWith("a Subject of " + std::to_string(length) + " characters");
}

}  // namespace

constinit const Check kSubjectLong = {
    .id = "subject-long",
    .rules = "H27",
    .summary = "The Subject is longer than 255 characters.",
    .fix =
        "shorten the subject; most readers show some 60 characters, and text "
        "belongs into the body",
    .cites = "Exchange Online limits",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
