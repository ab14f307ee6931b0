#include "policy/checks/catalogue.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "policy/base/text.h"
#include "policy/config/options.h"

namespace postern {
namespace {

// The words of an advice that look like options: "links.expand", not "1.0",
// ".docx", an address or "host.DOMAIN".
std::vector<std::string> OptionsNamedBy(std::string advice) {
  for (char& c : advice)
    if (!IsAlnum(c) && std::string_view("._-@").find(c) == std::string::npos)
      c = ' ';
  std::vector<std::string> named;
  for (const std::string_view word : Split(advice, ' '))
    if (!word.empty() && IsAlpha(word.front()) && IsAlnum(word.back()) &&
        Contains(word, ".") && !Contains(word, "@") &&
        !Contains(word, "DOMAIN"))
      named.emplace_back(word);
  return named;
}

// "streams.NAME.bulk" and "checks.spf-fail.action" are of groups.
std::string PathOf(const std::string& named) {
  std::vector<std::string> labels;
  for (const std::string_view label : Split(named, '.'))
    labels.emplace_back(label);
  if (labels.front() == "checks") labels.at(1) = "<check>";
  if (labels.front() == "streams") labels.at(1) = "<name>";
  return Join(labels, ".");
}

bool IsOptionOrTable(const std::string& path) {
  return std::ranges::any_of(Options(), [&](const Option& option) {
    return option.path == path || option.path.starts_with(path + ".");
  });
}

TEST(Catalogue, ListsEveryCheckFileOnce) {
  std::set<std::string> listed;
  for (const Check* check : Catalogue()) {
    std::string file(check->id);
    for (char& c : file) c = c == '-' ? '_' : c;
    EXPECT_TRUE(listed.insert(file).second) << check->id;
  }
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           POSTERN_SOURCE_DIR "/policy/checks"))
    if (entry.path().extension() == ".cc" &&
        // What has a header is machinery that checks share.
        !std::filesystem::exists(
            std::filesystem::path(entry.path()).replace_extension(".h")))
      files.insert(entry.path().stem());
  EXPECT_EQ(listed, files);
}

TEST(Catalogue, TellsEverythingAboutEachCheck) {
  for (const Check* check : Catalogue()) {
    EXPECT_FALSE(check->summary.empty()) << check->id;
    EXPECT_TRUE(check->summary.ends_with('.')) << check->id;
    EXPECT_FALSE(check->cites.empty()) << check->id;
    EXPECT_NE(check->run, nullptr) << check->id;
    for (const PredictedReply& reply : check->predicts) {
      EXPECT_FALSE(reply.receiver.empty()) << check->id;
      // Only a refusal of our own, whoever receives, is without words.
      EXPECT_EQ(reply.text.empty(), reply.source.starts_with("RFC 6409"))
          << check->id;
      EXPECT_FALSE(reply.source.empty()) << check->id;
      EXPECT_EQ(reply.code / 100, reply.enhanced.status_class) << check->id;
    }
  }
}

TEST(Catalogue, AdvisesOnEachCheckInOneLine) {
  for (const Check* check : Catalogue()) {
    EXPECT_FALSE(check->fix.empty()) << check->id;
    EXPECT_LE(check->fix.size(), 110u) << check->id;
    EXPECT_FALSE(check->fix.ends_with('.')) << check->id;
    EXPECT_NE(check->fix, check->summary) << check->id;
    for (const char c : check->fix)
      EXPECT_TRUE(c >= ' ' && c < 0x7f) << check->id;
  }
}

TEST(Catalogue, AdviceNamesOptionsThatExist) {
  std::size_t count = 0;
  for (const Check* check : Catalogue())
    for (const std::string& named : OptionsNamedBy(std::string(check->fix))) {
      EXPECT_TRUE(IsOptionOrTable(PathOf(named)))
          << check->id << " names " << named;
      ++count;
    }
  EXPECT_GT(count, 30u);
}

TEST(Catalogue, ANoticeNeverRefuses) {
  for (const Check* check : Catalogue()) {
    if (check->level != Level::kNotice) continue;
    EXPECT_NE(check->action, Action::kReject) << check->id;
    EXPECT_NE(check->action, Action::kDefer) << check->id;
  }
}

TEST(Catalogue, WhatMendsHasAnOtherwise) {
  for (const Check* check : Catalogue()) {
    if (check->action != Action::kMend) continue;
    EXPECT_NE(check->otherwise, Action::kMend) << check->id;
  }
}

}  // namespace
}  // namespace postern
