namespace MlComponents.TestKit;

/// <summary>
/// One libtorch thread for each test process and for those that it starts: test projects run side by side, and two threads that wait for each
/// other on a busy core take a hundred times as long as one.
/// </summary>
[TestClass]
public sealed class OneThread
{
    [AssemblyInitialize]
    public static void Initialize(TestContext context)
    {
        Environment.SetEnvironmentVariable("OMP_NUM_THREADS", "1");
        Environment.SetEnvironmentVariable("MKL_NUM_THREADS", "1");
        set_num_threads(1);
    }
}
