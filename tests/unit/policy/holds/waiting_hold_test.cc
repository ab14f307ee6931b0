// Holds that wait for a limit.
#include <gtest/gtest.h>

#include "policy/holds/held_store.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

constexpr TimePoint kStart{std::chrono::seconds(1'800'000'000)};

Message Letter() {
  Message message;
  message.envelope = {.mail_from = "a@example.com",
                      .mail_args = {},
                      .recipients = {{"b@example.net", {}}}};
  message.header.Receive("From", " a@example.com");
  return message;
}

std::unique_ptr<HeldStore> Opened(const std::string& directory) {
  static ManualClock clock(kStart);
  Result<std::unique_ptr<HeldStore>> store = HeldStore::Open(directory, clock);
  EXPECT_TRUE(store) << store.error().message;
  return store ? std::move(*store) : nullptr;
}

TEST(WaitingHold, KnowsWhatItWaitsFor) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  const Result<std::string> id = store->Put(
      Letter(), {{"limit-slow", "detail", "", "login=\xff", 7}}, kStart);
  ASSERT_TRUE(id) << id.error().message;
  const Result<HeldMessage> held = store->Find(*id);
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_EQ(held->reasons.at(0).key, "login=\xff");
  EXPECT_EQ(held->reasons.at(0).cost, 7);
}

TEST(WaitingHold, WhatTheMtaDidNotTakeIsFreeForOthers) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  const std::string id =
      *store->Put(Letter(), {{"limit-slow", "detail", ""}}, kStart);
  const Result<std::string> token = store->IssueToken(id, ReleaseBy::kLimit);
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_FALSE(Opened(directory.name())->Drop(id));
  EXPECT_TRUE(store->Keep(id));
  EXPECT_FALSE(store->Redeem(*token, Letter().body));
  EXPECT_TRUE(Opened(directory.name())->Drop(id));
}

}  // namespace
}  // namespace postern
