"""A few tests that pass, fail and are skipped."""

import io
import unittest


class T(unittest.TestCase):
    def setUp(self):
        self.x = [1]

    def test_a(self):
        self.assertEqual(self.x, [1])

    def test_b(self):
        with self.assertRaises(ValueError):
            int("x")

    @unittest.skip("no")
    def test_c(self):
        pass

    def test_d(self):
        with self.subTest(i=1):
            self.assertDictEqual({"a": 1}, {"a": 2})


unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
