"""A client of one's own, tested against `hookwright mock`. Standard library only: python3 -m unittest -v"""

import json
import os
import subprocess
import unittest
import urllib.error
import urllib.request
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent
HOOKWRIGHT = os.environ.get("HOOKWRIGHT", "hookwright")


class Crm:
    """The code under test."""

    def __init__(self, base, key):
        self.base, self.key = base, key

    def full_name(self, user_id):
        request = urllib.request.Request(f"{self.base}/users/{user_id}?lang=en")
        request.add_header("Authorization", f"Bearer {self.key}")
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return json.load(reply)["name"]
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise

    def add_note(self, user_id, text, stars, headers=None):
        body = json.dumps({"text": text, "stars": stars}).encode()
        all_headers = {"Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(f"{self.base}/users/{user_id}/notes", body, all_headers)
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)["id"]


class CrmTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # One line starts the mock; the first line that it prints says where it is.
        command = [HOOKWRIGHT, "-C", EXAMPLES, "mock", "--listen", "127.0.0.1:0", "--format", "json"]
        cls.mock = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.stop)
        cls.url = json.loads(cls.mock.stdout.readline())["url"]
        cls.crm = Crm(cls.url, "test-crm-key")

    @classmethod
    def stop(cls):
        cls.mock.terminate()
        cls.mock.communicate(timeout=10)

    def setUp(self):
        self.control("POST", "reset")

    def control(self, method, path):
        request = urllib.request.Request(f"{self.url}/__hookwright/{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                text = reply.read()
        except urllib.error.HTTPError as error:
            text = error.read()
        return json.loads(text) if text else None

    def test_each_number_has_the_case_that_gives_it(self):
        self.assertEqual(self.crm.full_name(42), "Ada Lovelace")
        self.assertIsNone(self.crm.full_name(7))
        verification = self.control("GET", "verify")
        self.assertTrue(verification["ok"], verification)
        self.assertEqual(verification["requests"], 2)

    def test_a_case_can_be_asked_for(self):
        with self.assertRaises(urllib.error.HTTPError) as raised:
            self.crm.add_note(42, "Called back", 5, {"X-Hookwright-Case": "busy"})
        self.assertEqual(raised.exception.code, 503)
        self.assertEqual(raised.exception.headers["Retry-After"], "1")
        raised.exception.close()

    def test_what_differs_from_the_spec_is_found(self):
        self.assertEqual(self.crm.add_note(42, "Called back", "five"), 7)
        self.assertFalse(self.control("GET", "verify")["ok"])
        newest = self.control("GET", "requests?limit=1")["requests"][0]
        checks = self.control("GET", f"requests/{newest['id']}")["checks"]
        self.assertEqual([check["place"] for check in checks if check["verdict"] == "differs"], ["stars"])


if __name__ == "__main__":
    unittest.main()
