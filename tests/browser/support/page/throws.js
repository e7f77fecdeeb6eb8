// For the test that an error in a worker is noticed.
throw new Error('thrown in a worker');
