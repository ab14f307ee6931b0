#include "policy/checks/catalogue.h"

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

namespace postern {
namespace {

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
