using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>Among how many threads libtorch divides an operation, which every thread that calls it has a number of its own for.</summary>
/// <remarks>
/// <c>set_num_threads</c> would set that of threads to come too. The number of the calling thread alone is set by two functions of what libtorch computes with, OpenMP and MKL. They are looked up in TorchSharp's
/// native library and in what that has loaded, so they are those of this process's libtorch. Windows looks into one file only: there nothing is found and the number stays.
/// </remarks>
internal static unsafe class OperationThreads
{
    private static readonly Lazy<(nint OpenMp, nint Mkl)> Found = new(Find);

    /// <summary>Lets the calling thread compute alone, and leaves every other thread as it is.</summary>
    public static void UseOne()
    {
        _ = get_num_threads();   // whose first call on a thread sets its number to that of the process
        if (Found.Value.OpenMp != 0)
            ((delegate* unmanaged<int, void>)Found.Value.OpenMp)(1);
        if (Found.Value.Mkl != 0)
            _ = ((delegate* unmanaged<int, int>)Found.Value.Mkl)(1);
    }

    private static (nint OpenMp, nint Mkl) Find()
    {
        var library = NativeLibrary.Load(TorchLibrary.Name, typeof(torch).Assembly, searchPath: null);
        NativeLibrary.TryGetExport(library, "omp_set_num_threads", out var openMp);
        NativeLibrary.TryGetExport(library, "MKL_Set_Num_Threads_Local", out var mkl);   // the name in small letters takes a pointer, as Fortran does
        return (openMp, mkl);
    }
}
