#include "milter/transaction.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

Transaction Begun(Traffic* traffic, std::string spool = testing::TempDir()) {
  return Transaction({.rulebook = std::make_shared<const Rulebook>(),
                      .spool_directory = std::move(spool),
                      .envelope = {.mail_from = "a@example.com"},
                      .place = traffic->Enter()});
}

TEST(Transaction, HandsOverWhatWasReceived) {
  Traffic traffic;
  Transaction transaction = Begun(&traffic);
  transaction.AddRecipient({.address = "b@example.org"});
  transaction.AddHeader("Subject", " x");
  transaction.AddBody("one");
  transaction.AddBody("two");
  const Result<Message> message = transaction.Finish();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->envelope.mail_from, "a@example.com");
  EXPECT_EQ(message->envelope.recipients.size(), 1U);
  EXPECT_EQ(message->header.fields().front().value, " x");
  EXPECT_EQ(message->body.bytes(), "onetwo");
}

TEST(Transaction, SpoiltNeverBecomesAMessage) {
  Traffic traffic;
  Transaction transaction = Begun(&traffic);
  transaction.Spoil("first");
  transaction.Spoil("second");
  transaction.AddBody("x");
  const Result<Message> message = transaction.Finish();
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().message, "first");
}

TEST(Transaction, IsSpoiltWhenTheSpoolCannotBeWritten) {
  Traffic traffic;
  Transaction transaction = Begun(&traffic, "/nonexistent");
  transaction.AddBody(std::string(Body::kMemoryBytes + 1, 'x'));
  EXPECT_FALSE(transaction.Finish());
}

TEST(Transaction, IsUnderWayAsLongAsItLives) {
  Traffic traffic;
  {
    Transaction transaction = Begun(&traffic);
    const Transaction moved = std::move(transaction);
    EXPECT_EQ(traffic.under_way(), 1);
  }
  EXPECT_EQ(traffic.under_way(), 0);
}

}  // namespace
}  // namespace postern
