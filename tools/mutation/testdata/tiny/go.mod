module example.test/tiny

go 1.25.0
